"""Access tokens that live for minutes: in the memory of the process, never in the database nor on disk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic


@dataclass(frozen=True, slots=True)
class Token:
    """A token and how long it lives, in seconds."""

    value: str = field(repr=False)
    seconds: float


@dataclass(slots=True)
class TokenShelf:
    """Token by connection. One is asked for at a time: two threads of a worker share it."""

    margin: float = 300.0
    """A token is replaced that long before its end."""
    _kept: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, key: str, ask: Callable[[], Token]) -> str:
        """The token in force, asked for when there is none."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[1] <= monotonic():
                token = ask()
                kept = (token.value, monotonic() + max(token.seconds - self.margin, token.seconds / 2))
                self._kept[key] = kept
            return kept[0]

    def forget(self, key: str) -> None:
        """The tool does not take it any more, or the connection has changed."""
        with self._lock:
            self._kept.pop(key, None)


SHELF = TokenShelf()
