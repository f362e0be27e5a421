from django.apps import AppConfig


class VsmeConfig(AppConfig):
    name = "cabinet.vsme"
    label = "vsme"
    verbose_name = "VSME"
