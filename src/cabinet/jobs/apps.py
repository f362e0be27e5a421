from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "cabinet.jobs"
    label = "jobs"
    verbose_name = "Travaux"
