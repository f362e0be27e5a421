"""How long a question may take, and how often a source that failed for a moment is asked again."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from bocage.registry import Unavailable, UnavailableReason

_PASSING: Final = frozenset({UnavailableReason.NETWORK, UnavailableReason.SERVER_ERROR, UnavailableReason.RATE_LIMITED})
"""What may be over in a moment. A source that let its time pass would let it pass again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``total`` seconds for every source and every retry together, ``call`` for one source at a time.

    The sources are asked in order, ``rounds`` times at most: the second time, only those that failed for a moment.
    Between two rounds comes ``pause`` seconds, doubled each time, or what a source asked for.
    """

    total: float
    call: float
    rounds: int
    pause: float


def interactive() -> Patience:
    """A person waits: the next source rather than a retry, and one retry when no other source is left."""
    seconds = settings.REGISTRY_TIMEOUT_SECONDS
    return Patience(total=seconds, call=seconds, rounds=2, pause=0.3)


BACKGROUND: Final = Patience(total=60.0, call=15.0, rounds=3, pause=1.0)
"""Nobody waits: the work comes back later anyway."""


def is_passing(failure: Unavailable) -> bool:
    """Whether the source is worth another call in the same question."""
    return failure.reason in _PASSING
