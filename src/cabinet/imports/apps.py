from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "cabinet.imports"
    label = "imports"
    verbose_name = "Imports"
