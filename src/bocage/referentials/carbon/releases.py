"""Releases of Base Carbone: the one shipped, and newer ones that an installation obtained.

A factor is immutable by (source, id, version). A release never changes what another one said: an estimate names the
release that it was made with, and keeps its figures.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property

from bocage.referentials.carbon.factors import VERSION, Factor, released, shipped_rows, starters
from bocage.referentials.carbon.ratios import Ratio, table

LICENCE = "Licence Ouverte 2.0 (Etalab)"
_COMPARED = ("unit", "value", "uncertainty_pct", "posts_json", "co2b")
_YEAR = re.compile(r"\b(19|20)\d{2}\b")
_PER_KEUR = re.compile(r"^kgCO2e/keuro \((\d{4})\) HT$")
_VERSION = re.compile(r"V?(\d+(?:\.\d+){0,2})", re.IGNORECASE)


def version_key(version: str) -> tuple[int, ...]:
    """What orders versions. Raises ValueError for what is not one.

    >>> version_key("V23.10") > version_key("V23.6")
    True
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(version)
    return tuple(int(part) for part in found[1].split("."))


def version_named(text: str) -> str | None:
    """The version that a title or a file name bears: ``Base_Carbone_V23.9.csv`` → ``V23.9``; None without one."""
    found = re.search(r"(?<![A-Za-z0-9])V(\d+(?:\.\d+){1,2})", text, re.IGNORECASE)
    return f"V{found[1]}" if found else None


@dataclass(eq=False)
class Release:
    """A release of Base Carbone with the ratios that go with it; ``before`` is the one that it follows.

    What the release has withdrawn is still answered, at the version of the release that last held it.
    """

    version: str
    rows: Mapping[str, Mapping[str, str]] = field(repr=False)
    before: "Release | None" = None

    def factor(self, identifier: str) -> Factor | None:
        """The factor ``ademe:43273``; None when no release has such a number, or when its unit is money."""
        row = self.rows.get(identifier)
        if row is None:
            return self.before.factor(identifier) if self.before else None
        if self.before is None:
            started = starters().get(identifier)
            return started[1] if started else released(identifier, row, self.version)
        former = self.before.rows.get(identifier)
        if former is not None and all(_same(row[name], former[name]) for name in _COMPARED):
            unchanged = self.before.factor(identifier)
            return replace(unchanged, version=self.version) if unchanged else None
        return released(identifier, row, self.version)

    def factors_of_use(self, use: str) -> tuple[Factor, ...]:
        """The everyday factors of a use (``electricity``, ``road_fuel``…): newer years of a known one first."""
        wanted = [name for name, (kind, _) in starters().items() if kind == use]
        kinds = {_kind(shipped_rows()[name]) for name in wanted if name in shipped_rows()}
        newer = [name for name in self._newer if _kind(self.rows[name]) in kinds]
        return tuple(found for name in (*reversed(newer), *wanted) if (found := self.factor(name)))

    @cached_property
    def _newer(self) -> tuple[str, ...]:
        """Numbers that the release shipped does not have."""
        return tuple(name for name in self.rows if name not in shipped_rows())

    def ratio(self, branch: str, year: int) -> Ratio | None:
        """The ratio of the branch for ``year``, or for the nearest (the later of two); None: no such branch."""
        ratios = self._ratios.get(branch)
        return min(ratios, key=lambda one: (abs(one.year - year), -one.year)) if ratios else None

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches of the table, in the order of their codes."""
        return tuple(sorted(self._ratios))

    @cached_property
    def ratio_years(self) -> tuple[int, ...]:
        """The years of the table, ascending."""
        return tuple(sorted({one.year for ratios in self._ratios.values() for one in ratios}))

    @cached_property
    def _ratios(self) -> Mapping[str, tuple[Ratio, ...]]:
        found = {key: row.ratio for key, row in table().items()}
        found |= self._own_ratios()
        by_branch: dict[str, list[Ratio]] = {}
        for one in found.values():
            by_branch.setdefault(one.branch, []).append(one)
        return {branch: tuple(sorted(ratios, key=lambda one: one.year)) for branch, ratios in by_branch.items()}

    def _own_ratios(self) -> dict[tuple[str, int], Ratio]:
        """What this release says of branches and years for which the national table says nothing.

        A year is taken when all the branches of the former years are there: half a year would mix two of them.
        """
        if self.before is None:
            return {}
        found: dict[tuple[str, int], Ratio] = {}
        for row in self.rows.values():
            unit = _PER_KEUR.match(row["unit"])
            branch, label = _branches().get(_stem(row["name"]), (None, ""))
            if unit is None or branch is None:
                continue
            key = (branch, int(unit[1]))
            if key not in found and not (key in table() and table()[key].is_national):
                doubt = Decimal(row["uncertainty_pct"] or 80)
                source = f"Base Carbone {self.version}"
                found[key] = Ratio(branch, label, key[1], Decimal(row["value"]), doubt, source)
        whole = len({branch for branch, _ in _branches().values()})
        held = Counter(year for _, year in found)
        known = {year for _, year in table()}
        return {key: one for key, one in found.items() if key[1] in known or held[key[1]] >= whole}


def _same(one: str, other: str) -> bool:
    """Equal as texts or as numbers: ``0.20`` is ``0.2``."""
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return False


def _kind(row: Mapping[str, str]) -> tuple[str, ...]:
    """What a factor is about, whatever its year."""
    texts = (row["name"], row["attribute"], row["boundary"], row["unit"], row["category"], row["location"])
    return tuple(_YEAR.sub("", text).strip() for text in texts)


def _stem(name: str) -> str:
    return _YEAR.sub("", name).strip(" -")


@cache
def _branches() -> Mapping[str, tuple[str, str]]:
    """Name of a monetary factor, without its year → branch and its label."""
    names: dict[str, tuple[str, str]] = {}
    for (branch, _), row in table().items():
        for number in row.numbers:
            if (held := shipped_rows().get(f"ademe:{number}")) is not None:
                names.setdefault(_stem(held["name"]), (branch, row.ratio.label))
    return names


@cache
def shipped() -> Release:
    """The release that comes with the library."""
    return Release(VERSION, shipped_rows())


def release_of(version: str, rows: Iterable[Mapping[str, str]], *, before: Release | None = None) -> Release:
    """A newer release, from rows as :func:`~bocage.referentials.carbon.base_carbone.unpack` gives them."""
    return Release(version, {f"ademe:{row['id']}": row for row in rows}, before or shipped())
