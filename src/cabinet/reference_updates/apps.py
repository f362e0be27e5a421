from django.apps import AppConfig


class ReferenceUpdatesConfig(AppConfig):
    name = "cabinet.reference_updates"
    label = "reference_updates"
    verbose_name = "Données de référence"
