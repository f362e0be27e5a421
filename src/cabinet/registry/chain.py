"""One question, several sources, one budget of time.

Settings: ``REGISTRY_SOURCES`` (names in order: ``demo``, ``stock``, ``recherche``), ``REGISTRY_TIMEOUT_SECONDS``
(the budget, 3 s), ``REGISTRY_RECHERCHE_URL``, ``REGISTRY_CONTACT`` (an address that the User-Agent announces).

Never call this inside a database transaction: a slow registry would hold it open.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Company, Duplicate, NotFound, Registry, Unavailable, UnavailableReason
from cabinet.registry import entries, guard
from cabinet.registry.demo import DemoRegistry
from cabinet.registry.enums import Source
from cabinet.registry.recherche import CALLS_PER_SECOND, RechercheRegistry
from cabinet.registry.stock import StockRegistry, stock_date

logger = logging.getLogger(__name__)

_LEAST_SECONDS = 0.2
"""With less time left, a call would only be wasted."""
_SHARE_SPENT_WAITING = 0.25


@dataclass(frozen=True, slots=True)
class SourceKind:
    """How to build a source, how often it may be called (None: as often as wanted), whether its answers are kept.

    ``dated`` gives the day that its answers describe, when it is not the day of the question.
    """

    build: Callable[[], Registry]
    per_second: float | None
    kept: bool
    dated: Callable[[], datetime | None] = lambda: None


KINDS: Mapping[str, SourceKind] = {
    Source.DEMO: SourceKind(DemoRegistry, per_second=None, kept=False),
    Source.STOCK: SourceKind(StockRegistry, per_second=None, kept=False, dated=stock_date),
    Source.RECHERCHE: SourceKind(RechercheRegistry, per_second=CALLS_PER_SECOND, kept=True),
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the sources say of a number.

    ``source`` gave the answer (None when none could). ``read_at`` is when it gave it: in the past when the answer was
    kept. ``seconds`` is how long the person waited.
    """

    number: Siren | Siret
    answer: Company | NotFound | Unavailable
    source: str | None
    read_at: datetime
    seconds: float


def lookup(number: Siren | Siret, *, seconds: float | None = None, again: bool = False) -> Lookup:
    """Ask the sources in order until one knows the number. Never raises.

    ``seconds`` is the budget of all sources together; ``again`` ignores the answers kept. A source that does not know
    the number passes it to the next. Not found means that every source answered and none knows it.
    """
    started = monotonic()
    budget = settings.REGISTRY_TIMEOUT_SECONDS if seconds is None else seconds
    kept = None if again else _recall(number)
    if kept is not None:
        return Lookup(number, *kept, seconds=monotonic() - started)
    failure = None if settings.REGISTRY_SOURCES else Unavailable(UnavailableReason.NO_SOURCE)
    for name in settings.REGISTRY_SOURCES:
        answer = _ask(name, number, budget - (monotonic() - started))
        if isinstance(answer, Company):
            _keep(name, number, answer)
            return Lookup(number, answer, name, KINDS[name].dated() or timezone.now(), monotonic() - started)
        if isinstance(answer, Unavailable):
            failure = answer
    if failure is None:
        _protected(lambda: entries.forget(number), None)
    return Lookup(number, failure or NotFound(number), None, timezone.now(), monotonic() - started)


def _ask(name: str, number: Siren | Siret, seconds: float) -> Company | NotFound | Unavailable:
    started = monotonic()
    kind = KINDS[name]
    answer = _guarded(name, kind, number, seconds)
    if isinstance(answer, Duplicate):
        # The unit was registered twice: what is known stands under the number that remains.
        answer = _guarded(name, kind, answer.kept, seconds - (monotonic() - started))
    if isinstance(answer, Duplicate):
        answer = NotFound(number)
    status = answer.reason.value if isinstance(answer, Unavailable) else type(answer).__name__
    logger.info("registry %s: %s %s in %.2f s", name, number[:9], status, monotonic() - started)
    return answer


def _guarded(name: str, kind: SourceKind, number: Siren | Siret, seconds: float) -> Answer:
    """Call the source if it is not resting, in its turn, and remember how it went."""
    if kind.per_second is None:
        return _call(kind, number, seconds)
    if not _protected(lambda: guard.is_open(name), True):
        return Unavailable(UnavailableReason.CIRCUIT_OPEN)
    rate, patience = kind.per_second, max(seconds, 0.0) * _SHARE_SPENT_WAITING
    wait = _protected(lambda: guard.reserve(name, per_second=rate, patience=patience), 0.0)
    if wait is None:
        return Unavailable(UnavailableReason.RATE_LIMITED)
    if seconds - wait < _LEAST_SECONDS:
        return Unavailable(UnavailableReason.NO_TIME_LEFT)
    if wait:
        sleep(wait)
    answer = _call(kind, number, seconds - wait)
    _protected(lambda: guard.note(name, answer), None)
    return answer


def _call(kind: SourceKind, number: Siren | Siret, seconds: float) -> Answer:
    try:
        return kind.build().find(number, seconds=seconds)
    except Exception as error:
        # A source that breaks is a source that does not answer; its message could hold what it read.
        logger.error("registry source broken: %s", type(error).__name__)
        return Unavailable(UnavailableReason.MALFORMED)


def _recall(number: Siren | Siret) -> tuple[Company, str, datetime] | None:
    sources = [name for name in settings.REGISTRY_SOURCES if KINDS[name].kept]
    found = _protected(lambda: entries.recall(number, sources), None) if sources else None
    return None if found is None else (found[0], found[1].source, found[1].fetched_at)


def _keep(name: str, number: Siren | Siret, company: Company) -> None:
    if KINDS[name].kept:
        _protected(lambda: entries.keep(number, company, name), None)


def _protected[T, D](work: Callable[[], T], default: D) -> T | D:
    """The cache and the counters are a comfort: when the database is busy, the question goes on without them."""
    try:
        return work()
    except DatabaseError as error:
        logger.warning("registry cache unavailable: %s", type(error).__name__)
        return default
