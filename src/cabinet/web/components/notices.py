"""What a screen says once, after an action."""

from django.contrib import messages
from django.http import HttpRequest


def confirm(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """A toast on the next page: what was done, and *Annuler* when ``undo_url`` (a POST) can undo it."""
    messages.success(request, text, extra_tags=undo_url)


def refuse(request: HttpRequest, text: str) -> None:
    """A red message at the top of the next page: why nothing was done, and the remedy."""
    messages.error(request, text)
