import random
from typing import Any

import pytest
from django.utils import timezone

from cabinet.jobs.models import DueWork
from tests.harness.queries import shuffle_unordered

pytestmark = pytest.mark.django_db


class Shuffles(random.Random):
    """Remembers what it was given to shuffle."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[list[Any]] = []

    def shuffle(self, x: Any) -> None:
        self.given.append(x)


@pytest.fixture
def shuffles(monkeypatch: pytest.MonkeyPatch) -> Shuffles:
    for name in ("un", "deux", "trois"):
        DueWork.objects.create(name=name, next_at=timezone.now())
    source = Shuffles()
    shuffle_unordered(monkeypatch, source)
    return source


def test_an_unordered_queryset_is_shuffled_once(shuffles: Shuffles) -> None:
    rows = DueWork.objects.order_by()
    assert list(rows) == list(rows)
    assert [len(given) for given in shuffles.given] == [3]


def test_values_without_an_order_are_shuffled_too(shuffles: Shuffles) -> None:
    names = list(DueWork.objects.order_by().values_list("name", flat=True))
    assert [sorted(given) for given in shuffles.given] == [sorted(names)]


def test_an_ordered_queryset_keeps_its_order(shuffles: Shuffles) -> None:
    assert [row.name for row in DueWork.objects.order_by("name")] == ["deux", "trois", "un"]
    assert shuffles.given == []
