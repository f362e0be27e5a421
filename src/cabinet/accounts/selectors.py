"""Reading people and groups of one firm."""

from django.db.models import QuerySet

from cabinet.accounts.models import Collaborator, Firm


def managers(firm: Firm) -> QuerySet[Collaborator]:
    """Who may be in charge of a dossier: active collaborators with a login."""
    return Collaborator.objects.filter(firm=firm, is_active=True, user__isnull=False, user__is_active=True)


def active_collaborators(firm: Firm) -> QuerySet[Collaborator]:
    """Everybody of the firm who has not left."""
    return Collaborator.objects.filter(firm=firm, is_active=True)


def has_firms() -> bool:
    """Whether anybody was ever installed here."""
    return Firm.objects.exists()
