"""The general chart of accounts (plan comptable général), one frozen list a year."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["YEARS", "Chart", "chart_for", "known_in_some_year"]

YEARS = (2023, 2024, 2025, 2026)
"""Years with a list; the rules of 2025 (ANC 2022-06) serve fiscal years opened from 1 January 2025."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts of one year: number to label."""

    year: int
    labels: Mapping[str, str]

    def longest(self, account: str) -> str | None:
        """The longest account of the chart that begins ``account``; None when not even its class is known."""
        for length in range(len(account), 0, -1):
            if account[:length] in self.labels:
                return account[:length]
        return None

    def subdivided(self, number: str) -> bool:
        """Whether the chart has accounts under ``number``."""
        return any(other != number and other.startswith(number) for other in self.labels)


@cache
def _load(year: int) -> Chart:
    text = (files(__package__) / f"pcg_{year}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return Chart(year, MappingProxyType({row["number"]: row["label"] for row in rows}))


def chart_for(opened: int) -> Chart:
    """The chart of a fiscal year opened in the calendar year ``opened``; years without a list take the nearest one."""
    return _load(min(max(opened, YEARS[0]), YEARS[-1]))


def known_in_some_year(number: str) -> bool:
    """Whether one of the lists holds ``number``."""
    return any(number in _load(year).labels for year in YEARS)
