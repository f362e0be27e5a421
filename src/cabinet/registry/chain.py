"""One question, several sources, one budget of time.

Settings: ``REGISTRY_SOURCES`` (names in order: ``demo``, ``stock``, ``recherche``, ``insee``),
``REGISTRY_TIMEOUT_SECONDS`` (the budget while a person waits, 3 s), and those of each source.

Never call this inside a database transaction: a slow registry would hold it open.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import uniform
from time import monotonic, sleep

from django.conf import settings
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, Duplicate, NotFound, Registry, State, Unavailable, UnavailableReason
from cabinet.registry import entries
from cabinet.registry.comfort import unless_busy
from cabinet.registry.demo import DemoRegistry
from cabinet.registry.enums import Source
from cabinet.registry.insee import InseeRegistry
from cabinet.registry.patience import Patience, interactive, is_passing
from cabinet.registry.recherche import RechercheRegistry
from cabinet.registry.stock import StockRegistry, stock_date

logger = logging.getLogger(__name__)

_SHARE_OF_THE_FIRST = 0.6
"""Of the time left, while another source on the network is behind: one that hangs does not take it all."""
_JITTER = 1.3
"""Two processes that failed together do not come back together."""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """How to build a source, and whether its answers are kept.

    ``whole``: it gives every establishment of a company and the successor of a closed one, when it knows them.
    ``dated`` gives the day that its answers describe, when it is not the day of the question.
    """

    build: Callable[[], Registry]
    kept: bool
    whole: bool
    dated: Callable[[], datetime | None] = lambda: None


KINDS: Mapping[str, SourceKind] = {
    Source.DEMO: SourceKind(DemoRegistry, kept=False, whole=True),
    Source.STOCK: SourceKind(StockRegistry, kept=False, whole=True, dated=stock_date),
    Source.RECHERCHE: SourceKind(RechercheRegistry, kept=True, whole=False),
    Source.INSEE: SourceKind(InseeRegistry, kept=True, whole=True),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A company, who knows it, and when that was read."""

    company: Company
    source: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the sources say of a number.

    ``source`` gave the answer (None when none could). ``read_at`` is when it gave it: in the past when the answer was
    kept. ``seconds`` is how long the person waited. The answer may be about another SIREN than that of ``number``: the
    unit was registered twice.
    """

    number: Siren | Siret
    answer: Company | NotFound | Unavailable
    source: str | None
    read_at: datetime
    seconds: float

    @property
    def kept_siren(self) -> Siren | None:
        """The number that remains of a unit registered twice, None when it is the one asked."""
        answer = self.answer
        return answer.siren if isinstance(answer, Company) and answer.siren != self.number[:9] else None


@dataclass(slots=True)
class _Question:
    """What the sources said of a number so far."""

    number: Siren | Siret
    patience: Patience
    started: float
    known: Known | None = None
    failures: dict[str, Unavailable] = field(default_factory=dict)
    answered: bool = False
    """A source works and does not know the number."""

    @property
    def left(self) -> float:
        """Seconds of the budget that are not spent."""
        return self.patience.total - (monotonic() - self.started)

    @property
    def settled(self) -> bool:
        """Whether no other source could say more."""
        return self.known is not None and not _lacks(self.number, self.known)

    @property
    def verdict(self) -> NotFound | Unavailable:
        """What to say when no source knows. One that is not set up is no reason to doubt those that answered."""
        failed = [self.failures[name] for name in settings.REGISTRY_SOURCES if name in self.failures]
        real = [one for one in failed if one.reason is not UnavailableReason.NO_SOURCE]
        if real:
            return real[-1]
        return NotFound(self.number) if self.answered else Unavailable(UnavailableReason.NO_SOURCE)


def lookup(number: Siren | Siret, *, patience: Patience | None = None, again: bool = False) -> Lookup:
    """Ask the sources in order until one knows the number. Never raises.

    ``patience``: :func:`~cabinet.registry.patience.interactive` unless said otherwise. ``again`` ignores the answers
    kept. A source that does not know the number passes it to the next. Not found means that every source that is set up
    answered and none knows it. A source that knows without giving the whole is asked for the rest of another.
    """
    question = _Question(number, patience or interactive(), monotonic())
    question.known = None if again else _recall(number)
    _ask_all(question)
    spent = monotonic() - question.started
    if question.known is not None:
        known = question.known
        return Lookup(number, known.company, known.source, known.read_at, spent)
    verdict = question.verdict
    if isinstance(verdict, NotFound):
        unless_busy(lambda: entries.forget(number), None)
    return Lookup(number, verdict, None, timezone.now(), spent)


def _ask_all(question: _Question) -> None:
    """Ask in order, then again those that failed for a moment while nobody knows the number."""
    waiting: Sequence[str] = settings.REGISTRY_SOURCES
    pause = question.patience.pause
    for turn in range(question.patience.rounds):
        if turn:
            sleep(pause)
            pause *= 2
        _ask_each(question, waiting)
        waiting = [name for name in waiting if name in question.failures and is_passing(question.failures[name])]
        asked_for = (question.failures[name].retry_after or 0.0 for name in waiting)
        pause = max(pause * uniform(1, _JITTER), min(asked_for, default=0.0))  # noqa: S311  # spreads calls, no secret
        if question.known is not None or not waiting or pause >= question.left:
            return


def _ask_each(question: _Question, names: Sequence[str]) -> None:
    for at, name in enumerate(names, 1):
        if question.settled:
            return
        if question.known is not None and not KINDS[name].whole:
            continue
        followed = any(KINDS[other].kept for other in names[at:])
        seconds = question.left * (_SHARE_OF_THE_FIRST if followed else 1.0)
        answer = _ask(name, question.number, min(seconds, question.patience.call))
        question.failures.pop(name, None)
        if isinstance(answer, Company):
            _keep(name, question.number, answer)
            question.known = Known(answer, name, KINDS[name].dated() or timezone.now())
        elif isinstance(answer, Unavailable):
            question.failures[name] = answer
        else:
            question.answered = True


def _lacks(number: Siren | Siret, known: Known) -> bool:
    """Whether another source may know more: the list of establishments, or the number that follows a closed one."""
    company = known.company
    if KINDS[known.source].whole:
        return False
    if isinstance(number, Siren):
        return not company.all_open_establishments and company.open_establishments != 0
    place = company.establishment(number)
    return place is not None and place.state is State.CLOSED and place.successor is None


def _ask(name: str, number: Siren | Siret, seconds: float) -> Company | NotFound | Unavailable:
    started = monotonic()
    answer = _call(name, number, seconds)
    if isinstance(answer, Duplicate):
        # The unit was registered twice: what is known stands under the number that remains.
        answer = _call(name, answer.kept, seconds - (monotonic() - started))
    if isinstance(answer, Duplicate):
        answer = NotFound(number)
    status = answer.reason.value if isinstance(answer, Unavailable) else type(answer).__name__
    logger.info("registry %s: %s %s in %.2f s", name, number[:9], status, monotonic() - started)
    return answer


def _call(name: str, number: Siren | Siret, seconds: float) -> Company | NotFound | Duplicate | Unavailable:
    try:
        return KINDS[name].build().find(number, seconds=seconds)
    except Exception as error:
        # A source that breaks is a source that does not answer; its message could hold what it read.
        logger.error("registry source broken: %s", type(error).__name__)
        return Unavailable(UnavailableReason.MALFORMED)


def _recall(number: Siren | Siret) -> Known | None:
    sources = [name for name in settings.REGISTRY_SOURCES if KINDS[name].kept]
    found = unless_busy(lambda: entries.recall(number, sources), None) if sources else None
    return None if found is None else Known(found[0], found[1].source, found[1].fetched_at)


def _keep(name: str, number: Siren | Siret, company: Company) -> None:
    if KINDS[name].kept:
        unless_busy(lambda: entries.keep(number, company, name), None)
