from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "cabinet.clients"
    label = "clients"
    verbose_name = "Clients"
