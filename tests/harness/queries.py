"""Rows come in no order unless the query asks for one; a database that happens to keep one hides the mistake."""

import random

import pytest
from django.db.models import QuerySet


def shuffle_unordered(patch: pytest.MonkeyPatch, source: random.Random) -> None:
    """Shuffle the result of every queryset that has no order, for as long as ``patch`` lives."""
    fetch_all = QuerySet._fetch_all

    def fetch_and_shuffle(self: QuerySet) -> None:
        is_first_time = self._result_cache is None
        fetch_all(self)
        if is_first_time and not self.ordered and isinstance(self._result_cache, list):
            source.shuffle(self._result_cache)

    patch.setattr(QuerySet, "_fetch_all", fetch_and_shuffle)
