"""The cache and the counters are a comfort: when the database is busy, the question goes on without them."""

import logging
from collections.abc import Callable

from django.db import DatabaseError

logger = logging.getLogger(__name__)


def unless_busy[T, D](work: Callable[[], T], default: D) -> T | D:
    """The result of ``work``, or ``default`` when the database does not follow."""
    try:
        return work()
    except DatabaseError as error:
        logger.warning("registry cache unavailable: %s", type(error).__name__)
        return default
