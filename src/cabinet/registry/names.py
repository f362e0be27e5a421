"""Companies that may bear a name, asked of the sources in order. Public facts only; nothing of who asks is sent.

Not to be called inside a transaction: a slow source would hold it open.
"""

import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.conf import settings

from bocage.identifiers import Siren
from bocage.registry import Company, Unavailable, UnavailableReason
from bocage.registry.recognition import Match, matches, number_in, query_text
from cabinet.registry.chain import lookup
from cabinet.registry.demo import DemoRegistry
from cabinet.registry.enums import Source
from cabinet.registry.patience import BACKGROUND
from cabinet.registry.recherche import RechercheRegistry
from cabinet.registry.stock import shelf

__all__ = ["Names", "search_names"]

logger = logging.getLogger(__name__)
GOOD: Final = Decimal("0.9")
"""With such a candidate from this machine, the public service is not asked."""
_SOME: Final = 20


@dataclass(frozen=True, slots=True)
class Names:
    """Candidates for a label, best first. ``complete`` is False when a source that could know did not answer."""

    matches: tuple[Match, ...]
    complete: bool


def search_names(label: str, *, town: str = "", own: Siren | None = None) -> Names:
    """Who may stand behind a label of the books. Waits for the limits of the public service. Never raises.

    A label that names nobody (« Fournisseurs divers ») is asked of nobody.
    """
    number, text = number_in(label), query_text(label)
    found: list[Company] = []
    complete = True
    if number is not None:
        answer = lookup(number, patience=BACKGROUND).answer
        if isinstance(answer, Company):
            found.append(answer)
        complete = not isinstance(answer, Unavailable)
    for source in settings.REGISTRY_SOURCES if text else ():
        best = matches(label, found, town=town, own=own, limit=1)
        if best and best[0].score >= GOOD:
            break
        answered = _asked(source, text, town)
        if isinstance(answered, Unavailable):
            complete = complete and answered.reason is UnavailableReason.NO_SOURCE
        else:
            found.extend(answered)
    return Names(matches(label, found, town=town, own=own), complete)


def _asked(source: str, text: str, town: str) -> tuple[Company, ...] | Unavailable:
    try:
        match source:
            case Source.DEMO:
                return DemoRegistry().search(text)
            case Source.STOCK:
                stock = shelf().current()
                if stock is None:
                    return Unavailable(UnavailableReason.NO_SOURCE)
                return tuple(one.company for one in stock.search(text, town, limit=_SOME))
            case Source.RECHERCHE:
                return RechercheRegistry().search(text, seconds=BACKGROUND.call)
            case _:
                return ()
    except Exception as error:
        # A source that breaks is a source that does not answer; its message could hold the label.
        logger.error("registry search broken: %s", type(error).__name__)
        return Unavailable(UnavailableReason.MALFORMED)
