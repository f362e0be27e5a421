from django.apps import AppConfig


class CabinetConfig(AppConfig):
    """Carries the commands; the rooms beside it are apps of their own."""

    name = "cabinet"
    label = "cabinet"
    verbose_name = "Bocage"
