from django.apps import AppConfig


class CarbonConfig(AppConfig):
    name = "cabinet.carbon"
    label = "carbon"
    verbose_name = "Carbone"
