from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cabinet.audit"
    label = "audit"
    verbose_name = "Journal"
