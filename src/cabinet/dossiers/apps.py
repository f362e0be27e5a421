from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "cabinet.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers"
