"""The API Sirene 3.11 of Insee: a key, thirty calls a minute. It knows what the free API does not.

Every establishment of a company, the number that follows a closed one, the units registered twice.
"""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final

import httpx
from django.conf import settings
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Company, State, Unavailable, UnavailableReason
from bocage.registry.insee import (
    counts_of,
    next_cursor,
    parse_siren,
    parse_siret,
    parse_sites,
    parse_status,
    parse_successor,
)
from cabinet.registry.enums import Source
from cabinet.registry.guard import Rate
from cabinet.registry.service import Reply, Service

RATE: Final = Rate(per_second=25 / 60, burst=5)
"""At most thirty calls in any minute: the public plan."""
KEY_HEADER: Final = "X-INSEE-Api-Key-Integration"
_PAGE, _PAGES = 200, 3
"""Establishments of a page, and pages worth reading: La Poste has thousands, and each page is one call of thirty."""
type _Parse = Callable[[object], Answer]


class InseeRegistry:
    """A client of the service. Its address and its key come from the settings; without a key it is not a source."""

    name: Final[str] = Source.INSEE

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self._key = settings.REGISTRY_INSEE_KEY
        headers = {KEY_HEADER: self._key}
        self._service = Service(self.name, settings.REGISTRY_INSEE_URL, RATE, headers, transport)

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """The establishment with its successor, or the unit with its establishments; every failure is an answer."""
        if not self._key:
            return Unavailable(UnavailableReason.NO_SOURCE)
        late = monotonic() + seconds
        return self._establishment(number, late) if isinstance(number, Siret) else self._unit(number, late)

    def _establishment(self, siret: Siret, late: float) -> Answer:
        today = timezone.localdate()
        answer = self._get(f"/siret/{siret}", siret, lambda found: parse_siret(found, siret, asked_on=today), late)
        if not isinstance(answer, Company):
            return answer
        place = answer.establishment(siret)
        if place is None or place.state is not State.CLOSED:
            return answer
        followed = replace(place, successor=self._successor(siret, late))
        return replace(answer, establishments=tuple(followed if one == place else one for one in answer.establishments))

    def _successor(self, siret: Siret, late: float) -> Siret | None:
        """The number that follows; what was found without it is worth having, so a failure is no answer here."""

        def read(reply: Reply) -> Siret | Unavailable | None:
            if reply.status == 200:
                return parse_successor(reply.document, siret)
            refused = _refusal(reply, siret)
            return refused if isinstance(refused, Unavailable) else None

        asked = {"q": f"siretEtablissementPredecesseur:{siret}"}
        found = self._service.ask("/siret/liensSuccession", asked, read, seconds=late - monotonic())
        return None if isinstance(found, Unavailable) else found

    def _unit(self, siren: Siren, late: float) -> Answer:
        today = timezone.localdate()
        answer = self._get(f"/siren/{siren}", siren, lambda found: parse_siren(found, siren, asked_on=today), late)
        return self._with_sites(answer, late) if isinstance(answer, Company) else answer

    def _with_sites(self, company: Company, late: float) -> Company:
        """The unit with its open establishments, as many as there is time for; all of them when they are few."""
        pages, whole = self._pages(company.siren, late)
        sites = parse_sites(pages, company.siren, asked_on=timezone.localdate())
        found = sites.establishments if isinstance(sites, Company) else ()
        places = tuple(one for one in found if one.state is not State.CLOSED or one.siret == company.head_office)
        if company.head_office is not None and not any(one.siret == company.head_office for one in places):
            office = self._establishment(company.head_office, late)
            places = (*(office.establishments if isinstance(office, Company) else ()), *places)
        count = sum(one.state is State.OPEN for one in places) if whole else None
        return replace(company, establishments=places, open_establishments=count, all_open_establishments=whole)

    def _pages(self, siren: Siren, late: float) -> tuple[list[object], bool]:
        """The pages of the establishments of a unit, and whether none is missing."""
        pages: list[object] = []
        cursor: str | None = "*"
        while cursor is not None:
            asked: dict[str, str | int] = {"q": f"siren:{siren}", "nombre": _PAGE, "curseur": cursor}
            page = self._service.ask("/siret", _lean(asked), _document, seconds=late - monotonic())
            if isinstance(page, Unavailable):
                return pages, False
            pages.append(page)
            total, read = counts_of(pages)
            if total > _PAGE * _PAGES:
                return pages, False
            cursor = next_cursor(page) if read < total else None
        return pages, True

    def _get(self, path: str, number: Siren | Siret, parse: _Parse, late: float) -> Answer:
        def read(reply: Reply) -> Answer:
            return parse(reply.document) if reply.status == 200 else _refusal(reply, number)

        return self._service.ask(path, _lean({}), read, seconds=late - monotonic())


def _lean(params: dict[str, str | int]) -> dict[str, str | int]:
    return {**params, "masquerValeursNulles": "true"}


def _document(reply: Reply) -> object:
    if reply.status == 200:
        return reply.document
    return {} if reply.status == 404 else Unavailable(UnavailableReason.SERVER_ERROR)


def _refusal(reply: Reply, number: Siren | Siret) -> Answer:
    return parse_status(reply.status, number, location=reply.headers.get("location"))
