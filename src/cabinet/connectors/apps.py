from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "cabinet.connectors"
    label = "connectors"
    verbose_name = "Connexions API"
