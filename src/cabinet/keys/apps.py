from importlib import import_module

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "cabinet.keys"
    label = "keys"
    verbose_name = "Trousseau"

    def ready(self) -> None:
        import_module("cabinet.keys.checks")
