"""Samples of whole companies with one line changed: the control that the change deserves, where, and nothing else.

The edits were written from the text of the official controls; an edit without a control is legal.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bocage.formats.dsn.controls.base import full_id
from tests.bocage.dsn.messages import findings_of
from tests.bocage.dsn.samples import DATA
from tests.bocage.dsn.spoiling import spoilt

FILES = {
    "juin": "annee/mensuelle_2025-06_P25_etab1.dsn",
    "arret": "signalements/signal04_arret_AT_P25.dsn",
    "fin": "signalements/signal07_FCTU_demission_P25.dsn",
    "p24": "voisins/mensuelle_2024-12_P24_etab1.dsn",
    "p26": "voisins/mensuelle_2026-01_P26_etab1.dsn",
}


def rows() -> Iterator[tuple[str, str, str, int, frozenset[str]]]:
    for row in (Path(__file__).parent / "spoilt.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        file, edit, wanted, line, also = (*(part.strip() for part in row.split("|")), "", "", "")[:5]
        yield file, edit, _code(wanted), int(line or 0), frozenset(_code(code) for code in also.split())


def _code(short: str) -> str:
    return full_id(short) if "/" in short else short


@pytest.mark.parametrize(("file", "edit", "wanted", "line", "also"), list(rows()))
def test_one_line_changed(file: str, edit: str, wanted: str, line: int, also: frozenset[str]) -> None:
    text = spoilt((DATA / FILES[file]).read_text(encoding="latin-1"), edit)
    found = {one.code: one for one in findings_of(text) if one.norm_severity != "I"}
    assert found.keys() == ({wanted} | also if wanted else set())
    if wanted:
        assert found[wanted].where[0].line == line


def test_more_than_a_hundred_changes_are_tried() -> None:
    assert len(list(rows())) > 100
