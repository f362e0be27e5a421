from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "cabinet.registry"
    label = "registry"
    verbose_name = "Registre des entreprises"
