"""The actor of a request: resolved once, for views and for the shell."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from cabinet.accounts.actors import Actor, actor_of, session_name
from cabinet.accounts.models import User
from cabinet.clients.selectors import Counts, count_seen
from cabinet.web.account.address import client_address


class ActorRequest(HttpRequest):
    """A request of somebody signed in."""

    actor: Actor
    counts: Counts
    user: User
    htmx: HtmxDetails


class ActorMiddleware:
    """Sets ``request.actor``; somebody who has left the firm is signed out at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            session = session_name(request.session.session_key)
            found = actor_of(request.user, address=client_address(request), session=session)
            if found is None:
                logout(request)
            request.actor = found  # type: ignore[attr-defined]
            if found is not None:
                # Asked for once, by the page or by its frame, and not at all by a part that shows neither.
                request.counts = SimpleLazyObject(lambda: count_seen(found))  # type: ignore[attr-defined]
        return self.get_response(request)
