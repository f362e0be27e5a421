"""500 small dossiers brought to newer factors as a worker does it, the database included: compared, taken, estimated
again, one by one, with their progress.

    python -m bench factors           500 dossiers of 1,000 lines
    python -m bench.factors 50        another count

Prints processor seconds of this process (which holds the database when it is SQLite) and the clock. The dossiers share
the facts of five files and begin with the estimate of those; the release is made up: electricity weighs more in it.
"""
# ruff: noqa: E402 (Django is set up before its models are imported)

import copy
import os
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.conf import settings

from bench.clients import database
from bench.indicators import DISTINCT, SMALL_DOSSIERS, SMALL_LINES, generate
from bocage.formats.base import FileSource
from bocage.ingest.fec import write_facts
from bocage.referentials.carbon import pack, shipped
from cabinet.accounts.actors import operator
from cabinet.accounts.models import Firm
from cabinet.accounts.services import Person, create_firm
from cabinet.carbon import rounds
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import Estimate, FactorRound, GivenQuantity
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.imports.storage import facts_dir
from cabinet.reference_updates.models import FactorRelease
from cabinet.reference_updates.shelf import put

VERSION = "V99.0"
MOVED = "ademe:43642"


def obtain() -> None:
    """A release in which the electricity of 2024 weighs a tenth more."""
    rows = {name: dict(row) for name, row in shipped().rows.items()}
    value = Decimal(rows[MOVED]["value"]) * Decimal("1.1")
    rows[MOVED] |= {"value": f"{value}", "posts_json": f'[{{"type": "Amont", "nom": "", "total": {value}}}]'}
    digest = put(VERSION, pack(list(rows.values())))
    FactorRelease.objects.create(
        version=VERSION, title="bench", origin="bench", source="bench", licence="bench", sha256=digest,
        received_sha256="0", lines=len(rows), factors=len(rows),
    )  # fmt: skip


def fill(firm: Firm, folder: Path, count: int) -> None:
    """``count`` dossiers with a year of books and a quantity, each with the estimate of its model."""
    manager = firm.collaborators.get()
    models: list[Estimate] = []
    for rank in range(count):
        client = Client.objects.create(
            firm=firm, siret=f"{rank:014d}", siren=f"{rank:09d}", name=f"Société {rank}", ape="10.71C",
            manager=manager, master_name=b"bench",
        )  # fmt: skip
        Dossier.objects.get_or_create(client=client)
        year = FiscalYear.objects.create(client=client, start=date(2024, 1, 1), end=date(2024, 12, 31))
        GivenQuantity.objects.create(
            year=year, category="electricity", factor=MOVED, amount=Decimal(40_000 + rank), unit="kWh",
            origin="billed", reason="bench", author_name="bench",
        )  # fmt: skip
        imported = Import.objects.create(
            firm=firm, client=client, kind=ImportKind.FEC, year=year, file_name="f", sha256="0",
            subject_salt=client.salt, subject_master=b"bench", expected_siren=client.siren, state=ImportState.ACCEPTED,
        )  # fmt: skip
        place = facts_dir(imported.id)
        place.mkdir(parents=True, exist_ok=True)
        for path in (folder / f"facts{rank % DISTINCT}").glob("*.parquet"):
            (place / path.name).hardlink_to(path)
            imported.tables[path.stem] = path.name
        imported.save(update_fields=["tables"])
        if rank < DISTINCT:
            refresh(client)
            models.append(Estimate.objects.get(year=year))
        else:
            row = copy.copy(models[rank % DISTINCT])
            row.pk, row.year, row.import_id, row.inputs_hash = None, year, imported.id, "0"
            row._state.adding = True
            row.save()


def main(count: int = SMALL_DOSSIERS) -> int:
    """Print the measure; 1 when a dossier was left."""
    with tempfile.TemporaryDirectory() as name, database():
        folder = Path(name)
        settings.STORAGE_DIR = folder / "storage"
        for seed in range(DISTINCT):
            fec, work = folder / f"{seed}" / "100000009FEC20241231.txt", folder / f"work{seed}"
            fec.parent.mkdir()
            work.mkdir()
            generate(fec, SMALL_LINES, seed)
            write_facts([FileSource(fec)], folder / f"facts{seed}", work_dir=work)
        firm, _ = create_firm(name="Banc", administrator=Person("S", "H", "s@cabinet.test"), password=None)
        fill(firm, folder, count)
        obtain()
        clock, processor = time.monotonic(), time.process_time()
        made = rounds.start(operator(firm), None)  # the settings of tests run the work at once
        spent, waited = time.process_time() - processor, time.monotonic() - clock
        after = FactorRound.objects.get(id=made.id)
        before_kg, after_kg = rounds.change_of(after)
    print(
        f"{after.count - len(after.waiting)} of {count} dossiers of {SMALL_LINES:,} lines, {len(after.failed)} failed"
    )
    print(f"  {spent:.1f} s of processor, {spent * 1000 / count:.0f} ms each; {waited:.0f} s by the clock")
    print(f"  {before_kg / 1000:,.1f} t before, {after_kg / 1000:,.1f} t after")
    return 1 if after.waiting or after.failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
