"""A call that gives its hand back in time, whatever it does."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread


class TooLate(Exception):
    """The call had not answered in time."""


def within[T](seconds: float, call: Callable[[], T]) -> T:
    """The result of ``call``. Raises TooLate after ``seconds``, or what the call raised.

    The time-outs of an HTTP client do not cover the resolution of names, which can last half a minute on a machine
    whose network is down. A call that is late is left to end by itself in its thread: it must not touch the database.
    """
    box: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            box.put((call(), None))
        except Exception as error:
            box.put((None, error))

    Thread(target=run, name="registry-call", daemon=True).start()
    try:
        value, error = box.get(timeout=max(seconds, 0.0))
    except Empty:
        raise TooLate from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # a call that has not raised has put its own value
