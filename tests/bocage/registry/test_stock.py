"""The local stock, from small files written here with the official columns."""

import csv
import io
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bocage.errors import Cancelled, SourceUnreadable
from bocage.identifiers import Siren, Siret
from bocage.registry import Company, NotFound, State
from bocage.registry.stock import Manifest, Shelf, Stock, StockFiles, load_stock
from bocage.registry.stock.columns import ESTABLISHMENT_COLUMNS, SUCCESSION_COLUMNS, UNIT_COLUMNS
from bocage.registry.stock.words import fold, folded_sql
from bocage.tables import locked_connection

FOURNIL, OLD, NEW = Siren("000010009"), Siret("00001000900025"), Siret("00001000900017")
HIDDEN, GONE, LAST = Siren("000010025"), Siren("000010082"), Siren("000010116")


def unit(siren: str, name: str, office: str, **values: str) -> dict[str, str]:
    return {
        "siren": siren,
        "statutDiffusionUniteLegale": "O",
        "etatAdministratifUniteLegale": "A",
        "denominationUniteLegale": name,
        "categorieJuridiqueUniteLegale": "5710",
        "nicSiegeUniteLegale": office,
        "activitePrincipaleUniteLegale": "10.71C",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "activitePrincipaleNAF25UniteLegale": "10.71Y",
        **values,
    }


def site(siret: str, town: str, **values: str) -> dict[str, str]:
    return {
        "siret": siret,
        "statutDiffusionEtablissement": "O",
        "etatAdministratifEtablissement": "A",
        "etablissementSiege": "true" if siret.endswith("17") else "false",
        "dateDernierTraitementEtablissement": "2026-10-30T08:00:00",
        "dateDebut": "2020-07-01",
        "libelleVoieEtablissement": "DE L EXEMPLE, DIT « GRAND »\nBIS",
        "codePostalEtablissement": "31000",
        "libelleCommuneEtablissement": town,
        **values,
    }


UNITS = [
    unit(LAST, "MENUISERIE DU PONT", "00010"),
    unit(FOURNIL, "BOULANGERIE ÉTÉ ET FILS", "00017", sigleUniteLegale="B E F"),
    unit(HIDDEN, "", "00013", statutDiffusionUniteLegale="P", categorieJuridiqueUniteLegale="1000")
    | {"nomUniteLegale": "SECRET"},
    unit(GONE, "MENUISERIE DU PONT", "00014", etatAdministratifUniteLegale="C", dateDebut="2024-03-31"),
    {"siren": "pas un numéro"},
]
SITES = [
    site(LAST + "00010", "LYON 3", etablissementSiege="true"),
    site(OLD, "ALBI", etatAdministratifEtablissement="F"),
    site(NEW, "SAINT-DENIS"),
    site(HIDDEN + "00013", "TOULOUSE", statutDiffusionEtablissement="P", etablissementSiege="true"),
    site(LAST + "00028", "LYON 3", statutDiffusionEtablissement="P", enseigne1Etablissement="CACHETTE"),
    site(GONE + "00014", "TOULOUSE", etatAdministratifEtablissement="F", etablissementSiege="true"),
]
LINKS = [dict(zip(SUCCESSION_COLUMNS, (OLD, NEW, "2020-07-01"), strict=True))]


def zipped(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(path.with_suffix(".csv").name, text.getvalue())
    return path


@pytest.fixture
def files(tmp_path: Path) -> StockFiles:
    return StockFiles(
        (zipped(tmp_path / "units.zip", UNIT_COLUMNS, UNITS),),
        (zipped(tmp_path / "sites.zip", ESTABLISHMENT_COLUMNS, SITES),),
        (zipped(tmp_path / "links.zip", SUCCESSION_COLUMNS, LINKS),),
    )


@pytest.fixture
def made(files: StockFiles, tmp_path: Path) -> tuple[Stock, Manifest]:
    manifest = load_stock(files, tmp_path / "stock")
    stock = Shelf(tmp_path / "stock").current()
    assert stock is not None
    return stock, manifest


def company(answer: object) -> Company:
    assert isinstance(answer, Company)
    return answer


def test_look_ups(made: tuple[Stock, Manifest]) -> None:
    stock, manifest = made
    assert (manifest.units, manifest.establishments, manifest.indexed, manifest.successions) == (4, 6, 3, 1)
    assert manifest.state_of.isoformat() == "2026-10-30"
    found = company(stock.find(NEW))
    place = found.establishment(NEW)
    assert place is not None
    assert (found.name, place.head_office, place.state) == ("BOULANGERIE ÉTÉ ET FILS", True, State.OPEN)
    assert (found.activities.naf_rev2, found.activities.naf_2025) == ("10.71C", "10.71Y")
    assert place.address.street == "DE L EXEMPLE, DIT « GRAND »\nBIS", "a line end inside quotes is part of the value"
    closed = company(stock.find(OLD)).establishment(OLD)
    assert closed is not None
    assert (closed.state, str(closed.closed), closed.successor) == (State.CLOSED, "2020-07-01", NEW)
    whole = company(stock.find(FOURNIL))
    assert ([one.siret for one in whole.establishments], whole.open_establishments) == ([NEW], 1)
    assert whole.all_open_establishments
    gone = company(stock.find(GONE))
    assert (gone.state, str(gone.closed), gone.open_establishments) == (State.CLOSED, "2024-03-31", 0)
    assert stock.find(Siret("73282932000074")) == NotFound(Siret("73282932000074"))


def test_what_is_hidden_stays_hidden(made: tuple[Stock, Manifest]) -> None:
    stock, _ = made
    hidden = company(stock.find(HIDDEN))
    assert (hidden.name, "name" in hidden.masked) == (None, True)
    assert hidden.establishments[0].address.lines == ("TOULOUSE",)
    assert stock.search("SECRET") == ()
    assert stock.search("CACHETTE") == (), "a hidden sign of a public unit"
    assert stock.names.searcher.doc_freq("name", "cachette") == stock.names.searcher.doc_freq("name", "secret") == 0


@pytest.mark.parametrize(
    ("asked", "town"),
    [
        ("boulangerie été et fils", ""),
        ("S.A.R.L. FILS ETE BOULANGERIE", "ST DENIS CEDEX 02"),
        ("Boulangrie Été & Fils", ""),
        ("B.E.F.", "Saint-Denis"),
    ],
)
def test_names_are_found_as_they_are_typed(made: tuple[Stock, Manifest], asked: str, town: str) -> None:
    best, *_ = made[0].search(asked, town)
    assert best.company.siren == FOURNIL
    assert best.in_town == bool(town)
    assert best.score > 0.5


def test_the_town_and_the_state_tell_homonyms_apart(made: tuple[Stock, Manifest]) -> None:
    stock, _ = made
    there = stock.search("Menuiserie du Pont", "Lyon")
    assert [(one.company.siren, one.score) for one in there] == [(LAST, 1.0)]
    elsewhere = stock.search("Menuiserie du Pont", "Bordeaux")
    assert [one.company.siren for one in elsewhere] == [LAST, GONE]
    assert elsewhere[0].score < 0.9
    assert [one.company.siren for one in stock.search("Menuiserie du Pont")] == [LAST, GONE]
    assert stock.search("menuiseriepont")[0].company.siren == LAST
    assert stock.search("Zzyzx") == ()
    assert stock.search("") == ()


def test_an_interrupted_load_goes_on_and_the_old_version_answers(files: StockFiles, tmp_path: Path) -> None:
    folder = tmp_path / "stock"
    load_stock(files, folder)
    shelf = Shelf(folder)
    first = shelf.status().version
    with pytest.raises(Cancelled):
        load_stock(files, folder, lambda progress: progress.step != "load")
    assert (shelf.status().version, shelf.status().loading) == (first, True)
    assert shelf.current() is not None
    with closing(sqlite3.connect(folder / "loading" / "version" / "stock.sqlite3")) as store:
        store.execute("DELETE FROM slices")  # killed after the index had kept the slice, before the store had
        store.commit()
    steps: list[str] = []
    load_stock(files, folder, lambda progress: steps.append(progress.step))
    assert steps[0] == "load", "what was converted is used again"
    stock = shelf.current()
    assert stock is not None
    assert stock.names.searcher.num_docs == 3, "no name is there twice"
    assert not shelf.status().loading


KILLED = """
import os, signal, sys
from pathlib import Path
from bocage.registry.stock import StockFiles, load_stock, loading

units, sites, folder, step = *map(Path, sys.argv[1:4]), sys.argv[4]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if step == "rows":
    loading.write_rows = die
load_stock(StockFiles((units,), (sites,)), folder, lambda progress: progress.step != step or die())
"""
"""A process that kills itself: at a step, or once the index has kept a slice and the store has not."""


@pytest.mark.parametrize("step", ["convert", "rows", "load"])
def test_a_load_that_is_killed_goes_on(files: StockFiles, tmp_path: Path, step: str) -> None:
    folder = tmp_path / "stock"
    load_stock(files, folder)
    first, shelf = Shelf(folder).status().version, Shelf(folder)
    paths = [str(path) for path in (*files.units, *files.establishments, folder)]
    ended = subprocess.run([sys.executable, "-c", KILLED, *paths, step], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (shelf.status().version, shelf.status().loading) == (first, True)
    assert shelf.current() is not None
    load_stock(StockFiles(files.units, files.establishments), folder)
    stock = shelf.current()
    assert stock is not None
    assert shelf.status().version != first
    assert not shelf.status().loading
    assert stock.names.searcher.num_docs == 3, "no name is lost, none is there twice"
    assert isinstance(stock.find(OLD), Company)


def test_wrong_files_change_nothing(files: StockFiles, tmp_path: Path) -> None:
    folder = tmp_path / "stock"
    load_stock(files, folder)
    first = Shelf(folder).status().version
    other = tmp_path / "autre.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    for wrong in ((other,), (tmp_path / "absent",), files.establishments):
        with pytest.raises(SourceUnreadable):
            load_stock(StockFiles(wrong, files.establishments), folder)
    assert Shelf(folder).status().version == first


def test_both_foldings_agree() -> None:
    texts = ["L'Œuf d’Été & Cie (S.A.)", "ÇÀ ÿ ß Æ", "  A--B  ", "ÉLÉPHANT 21", "Ñandú"]
    with locked_connection() as connection:
        for text in texts:
            row = connection.execute(f"SELECT {folded_sql('?')}", [text]).fetchone()
            assert row == (fold(text),)


@pytest.mark.parametrize("asked", ["Boulangerie Été Fils Zygomatique", "Zygomatique Boulangerie Fils Été"])
def test_a_word_that_nobody_bears_does_not_hide_the_others(made: tuple[Stock, Manifest], asked: str) -> None:
    for town in ("", "Saint-Denis"):
        assert [one.company.siren for one in made[0].search(asked, town)] == [FOURNIL]
