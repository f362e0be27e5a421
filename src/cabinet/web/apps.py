from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cabinet.web"
    label = "web"
    verbose_name = "Écrans"
