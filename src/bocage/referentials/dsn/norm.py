"""Loading of the DSN norm files that lie beside this module."""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KNOWN_VERSIONS = ("P24V01", "P25V01", "P26V01")
"""The versions whose dictionary is at hand, oldest first."""

ENVELOPE_BLOCKS = ("S10.G00.00", "S10.G00.01", "S10.G00.02", "S90.G00.90")
"""Blocks that belong to the whole envoi: an error there rejects all its declarations."""

_UNLIMITED = "*"
_VERSION = re.compile(r"P\d\dV\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rubrique:
    """One line of the dictionary. ``number`` is the three digits after the block code."""

    code: str
    block: str
    number: str
    name: str
    kind: str
    """X alphanumeric, N numeric, D date (JJMMAAAA)."""
    min: int | None
    max: int | None
    regexp: str | None
    values: frozenset[str] | None
    external: str | None
    usage: Mapping[str, str] | None
    """Per nature: O mandatory, C conditional, F optional, I forbidden, N not used; None when not published."""
    controls: tuple[str, ...]
    position: int
    """Rank inside the block, from 0."""


@dataclass(frozen=True, slots=True)
class BlockRule:
    """One block of the tree of a nature. ``max`` is None when unlimited."""

    block: str
    parent: str | None
    min: int
    max: int | None


@dataclass(frozen=True, slots=True)
class Norm:
    """One version of the norm."""

    version: str
    rubriques: Mapping[str, Rubrique]
    block_names: Mapping[str, str]
    block_parents: Mapping[str, str | None]
    envelope: tuple[BlockRule, ...]
    trees: Mapping[str, tuple[BlockRule, ...]]
    """Nature → blocks in the order of a message."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control of the official list, restated."""

    id: str
    rubrique: str
    family: str
    natures: frozenset[str]
    blocking: bool
    rule: str


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _rules(raw: list[dict[str, str | int]]) -> tuple[BlockRule, ...]:
    return tuple(
        BlockRule(
            str(row["block"]),
            None if row["parent"] is None else str(row["parent"]),
            int(row["min"]),
            None if row["max"] == _UNLIMITED else int(row["max"]),
        )
        for row in raw
    )


def _typeset(name: str) -> str:
    """A label of the norm with the apostrophe of print."""
    return name.replace("'", "’")


@cache
def load_norm(version: str) -> Norm:
    """The dictionary of ``version`` and the trees. Raises KeyError for a version that is not in KNOWN_VERSIONS."""
    if version not in KNOWN_VERSIONS:
        raise KeyError(version)
    raw = json.loads(_read(f"norme-{version}.json"))
    models = json.loads(_read("models.json"))
    ranks: dict[str, int] = {}
    rubriques = {}
    for code, row in raw["rubriques"].items():
        block = row["block"]
        rank = ranks[block] = ranks.get(block, -1) + 1
        values = row.get("values")
        rubriques[code] = Rubrique(
            code, block, code[len(block) + 1 :], _typeset(row["name"]), row["type"], row["min"], row["max"],
            row["regexp"], frozenset(values) if values else None, row.get("external"), row["usage"],
            tuple(row.get("controls", ())), rank,
        )  # fmt: skip
    return Norm(
        version,
        rubriques,
        {code: _typeset(block["name"]) for code, block in raw["blocks"].items()},
        {code: block["parent"] for code, block in raw["blocks"].items()},
        _rules(models["envelope"]),
        {nature: _rules(rows) for nature, rows in models["natures"].items()},
    )


def nearest_version(text: str) -> str:
    """The known version to read a file with, when it says ``text``: itself, else the newest one not after it.

    The oldest for a file older than all; the newest for what is not a version.
    """
    if _VERSION.fullmatch(text) is None:
        return KNOWN_VERSIONS[-1]
    return next((version for version in reversed(KNOWN_VERSIONS) if version <= text), KNOWN_VERSIONS[0])


@cache
def all_controls() -> Mapping[str, Control]:
    """The 654 controls of CT2025.1.3, by id (``S21.G00.40.010/CCH-12``)."""
    rows = csv.DictReader(_read("controls.tsv").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {
        row["id"]: Control(
            row["id"],
            row["rubrique"],
            row["family"],
            frozenset(row["natures"].split(",")) - {""},
            row["blocking"] == "yes",
            row["rule"],
        )
        for row in rows
    }


@cache
def end_reasons() -> Mapping[str, tuple[frozenset[str], Mapping[str, frozenset[str]]]]:
    """End motif (62.002) → natures of contract allowed, and those allowed for some schemes (40.008) only."""
    raw = json.loads(_read("motifs_rupture.json"))["motifs"]
    return {
        motif: (
            frozenset(row["natures"]),
            {nature: frozenset(schemes) for nature, schemes in row.get("natures_if_40_008", {}).items()},
        )
        for motif, row in raw.items()
    }
