"""The local stock through its two commands, then as a source of the chain."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bocage.identifiers import Siret
from bocage.registry import Company
from bocage.registry.stock.columns import ESTABLISHMENT_COLUMNS, UNIT_COLUMNS
from cabinet.registry.chain import lookup
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import look_up

SIRET = Siret("00001000900017")


def written(path: Path, columns: tuple[str, ...], row: dict[str, str]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerow(row)
    return str(path)


@pytest.mark.django_db
def test_load_ask_and_tell(tmp_path: Path, settings) -> None:
    settings.REGISTRY_STOCK_DIR = tmp_path / "stock"
    settings.REGISTRY_SOURCES = ["stock"]
    assert look_up(SIRET).case is LookupCase.UNREACHABLE
    out = StringIO()
    call_command("registry_status", stdout=out)
    assert "No stock is loaded" in out.getvalue()
    units = written(
        tmp_path / "u.csv",
        UNIT_COLUMNS,
        {"siren": SIRET[:9], "denominationUniteLegale": "FOURNIL", "statutDiffusionUniteLegale": "O"},
    )
    sites = written(
        tmp_path / "e.csv",
        ESTABLISHMENT_COLUMNS,
        {
            "siret": SIRET,
            "etatAdministratifEtablissement": "A",
            "dateDernierTraitementEtablissement": "2026-10-30T08:00:00",
        },
    )
    err = StringIO()
    call_command("registry_load", units=[Path(units)], establishments=[Path(sites)], stdout=out, stderr=err)
    assert "1 establishments and 1 units as of 2026-10-30" in out.getvalue()
    assert "100%" in err.getvalue()
    found = lookup(SIRET)
    assert isinstance(found.answer, Company)
    assert (found.answer.name, found.source, found.read_at.date().isoformat()) == ("FOURNIL", "stock", "2026-10-30")
    assert look_up(SIRET).source_label == "Stock SIRENE local"
    call_command("registry_status", stdout=out)
    assert "1 names indexed" in out.getvalue()
    with pytest.raises(CommandError, match="Nothing changed: e"):
        call_command("registry_load", units=[Path(sites)], establishments=[Path(sites)], stderr=err)
    assert lookup(SIRET).source == "stock"
    next(path for path in (tmp_path / "stock").glob("*/stock.sqlite3")).write_bytes(b"x")
    with pytest.raises(CommandError, match="does not answer"):
        call_command("registry_status", stdout=out)
