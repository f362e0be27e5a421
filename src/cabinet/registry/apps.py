from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "cabinet.registry"
    label = "registry"
    verbose_name = "Registre des entreprises"

    def ready(self) -> None:
        import_module("cabinet.registry.checks")
