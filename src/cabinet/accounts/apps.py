from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    label = "accounts"
    verbose_name = "Cabinet et personnes"

    def ready(self) -> None:
        import_module("cabinet.accounts.checks")
