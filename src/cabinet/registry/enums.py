from enum import StrEnum

from django.db import models


class Source(models.TextChoices):
    """The sources of company data; the values are the names used in the setting REGISTRY_SOURCES."""

    DEMO = "demo", "Registre de démonstration"
    STOCK = "stock", "Stock SIRENE local"
    RECHERCHE = "recherche", "Recherche d’entreprises"
    INSEE = "insee", "Insee, API Sirene"


class LookupCase(StrEnum):
    """What a number typed by a person leads to. The words of each are in ``bocage.wording``, domain ``registry``."""

    BAD_KEY = "bad_key"
    FOUND = "found"
    FOUND_CLOSED = "found_closed"
    FOUND_MASKED = "found_masked"
    SIREN = "siren"
    DUPLICATE = "duplicate"
    """The unit was registered twice: what is shown is the company under the number that remains."""
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
