"""A firm may require a second factor: a person without one is led to set it up before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

type View = Callable[..., Any]


def early[V: View](view: V) -> V:
    """Marks a view that stays open before the second factor is set up: what sets it up, and the way out."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    """Stands after the actor is known. A view says for itself that it stays open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        actor = getattr(request, "actor", None)
        if actor is None or not actor.lacks_second_factor or getattr(view, "before_second_factor", False):
            return None
        if getattr(request, "htmx", None):
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")
