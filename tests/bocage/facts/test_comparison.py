"""Two FEC of a year compared: what a known change gives, whatever the order of the file and the way it numbers."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.facts.comparison import Summary, account_changes, changed_lines, compare, entry_changes, load
from bocage.formats.base import BytesSource
from bocage.ingest.fec import write_facts

HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)


@dataclass(frozen=True)
class Entry:
    journal: str
    number: int
    day: int
    account: str
    label: str
    cents: int
    lettering: str = ""
    piece: str = ""


def lines(entry: Entry) -> list[str]:
    day = f"202501{entry.day:02}"
    amount = f"{entry.cents // 100},{entry.cents % 100:02}"
    cells = [entry.journal, "Journal", str(entry.number), day, "", "Compte", "", "", entry.piece or f"P{entry.number}"]
    rows = []
    for account, debit, credit in ((entry.account, amount, "0,00"), ("512000", "0,00", amount)):
        cells[4] = account
        letters = (entry.lettering, day if entry.lettering else "")
        rows.append("|".join([*cells, day, entry.label, debit, credit, *letters, day, "", ""]))
    return rows


def facts(folder: Path, entries: list[Entry], *, shuffled: int | None = None) -> dict[str, Path]:
    folder.mkdir(parents=True)
    rows = [line for entry in entries for line in lines(entry)]
    if shuffled is not None:
        random.Random(shuffled).shuffle(rows)
    text = "\n".join([HEADER, *rows, ""])
    source = BytesSource("100000009FEC20251231.txt", text.encode())
    (folder / "work").mkdir()
    return write_facts([source], folder / "facts", work_dir=folder / "work")[0].tables


def compared(folder: Path, before: list[Entry], after: list[Entry], **more: int) -> Summary:
    old, new = facts(folder / "old", before), facts(folder / "new", after, **more)
    return compare(old, new, folder / "out", work_dir=folder)


BASE = [Entry("AC", n, 1 + n % 28, f"6{n % 5 + 1}1000", f"Achat {n}", 1000 + n) for n in range(1, 31)]

entries = st.builds(
    Entry,
    journal=st.sampled_from(("AC", "VE")),
    number=st.just(0),
    day=st.integers(1, 28),
    account=st.sampled_from(("606100", "611000", "701000")),
    label=st.sampled_from(("Loyer", "Énergie", "Vente")),
    cents=st.integers(0, 500),
)


@given(books=st.lists(entries, min_size=2, max_size=12), seed=st.integers(0, 99), data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_known_changes_are_found(
    tmp_path_factory: pytest.TempPathFactory, books: list[Entry], seed: int, data: st.DataObject
) -> None:
    """Entries taken out, put in and re-priced, in a file whose lines are in another order: each counted once."""
    before = [replace(entry, number=rank) for rank, entry in enumerate(books, start=1)]
    fates = data.draw(st.lists(st.sampled_from("kkkdc"), min_size=len(before), max_size=len(before)))
    after = [
        entry if fate == "k" else replace(entry, cents=entry.cents + 1000)
        for entry, fate in zip(before, fates, strict=True)
        if fate != "d"
    ]
    fresh = data.draw(st.lists(entries, max_size=3))
    after += [replace(entry, number=500 + rank, cents=entry.cents + 5000) for rank, entry in enumerate(fresh)]
    if not after:
        return
    folder = tmp_path_factory.mktemp("compare")
    found = compared(folder, before, after, shuffled=seed)
    fate = Counter(fates)
    assert (found.unchanged, found.changed, found.removed, found.added) == (fate["k"], fate["c"], fate["d"], len(fresh))
    assert found == load(folder / "out")
    totals = Counter[str]()
    for sign, side in ((-1, before), (1, after)):
        for entry in side:
            totals[entry.account] += sign * entry.cents
            totals["512000"] -= sign * entry.cents
    gaps = {one.account: one.gap for one in account_changes(folder / "out") if one.gap}
    assert gaps == {account: Decimal(cents) / 100 for account, cents in totals.items() if cents}
    assert found.after.debit - found.before.debit == Decimal(
        sum(entry.cents for entry in after) - sum(entry.cents for entry in before)
    ) / 100  # fmt: skip


def test_the_same_lines_in_another_order_are_no_change(tmp_path: Path) -> None:
    assert compared(tmp_path, BASE, BASE, shuffled=3).same


def test_a_copy_is_added_once(tmp_path: Path) -> None:
    """The same entry twice in one file: one is the same, the other is new."""
    found = compared(tmp_path, BASE, [*BASE, replace(BASE[0], number=99)])
    assert (found.unchanged, found.added, found.changed) == (30, 1, 0)


def test_an_entry_put_in_the_middle_renumbers_the_rest(tmp_path: Path) -> None:
    """Every number after it moved: the content tells who is who, and the number alone has changed."""
    after = [*BASE[:10], replace(BASE[0], cents=77_700, piece="NEUVE")]
    after += BASE[10:]
    renumbered = [
        replace(entry, number=rank, piece=entry.piece or f"P{entry.number}") for rank, entry in enumerate(after, 1)
    ]
    found = compared(tmp_path, BASE, renumbered)
    assert (found.unchanged, found.added, found.removed, found.changed) == (10, 1, 0, 20)
    assert found.aspects == {"number": 20}


def test_numbers_that_do_not_hold_leave_the_voucher(tmp_path: Path) -> None:
    """Numbers all drawn again and one amount changed: journal, voucher and date find it."""
    after = [replace(entry, number=1000 - entry.number, piece=f"P{entry.number}") for entry in BASE]
    after[4] = replace(after[4], cents=1)
    found = compared(tmp_path, BASE, after)
    assert (found.key, found.changed, found.added, found.removed) == ("piece", 30, 0, 0)
    assert found.aspects == {"number": 30, "amounts": 1}


def test_what_changed_is_named_and_shown(tmp_path: Path) -> None:
    after = list(BASE)
    after[0] = replace(after[0], lettering="AA")
    after[1] = replace(after[1], label="Autre")
    after[2] = replace(after[2], account="699000")
    del after[29]
    found = compared(tmp_path, BASE, after)
    assert found.aspects == {"accounts": 1, "label": 1, "lettering": 1}
    count, page = entry_changes(tmp_path / "out", limit=3)
    assert (count, [one.aspects for one in page]) == (4, [("lettering",), ("label",), ("accounts",)])
    count, page = entry_changes(tmp_path / "out", aspect="label", words="autre")
    assert (count, page[0].number) == (1, "2")
    assert entry_changes(tmp_path / "out", change="removed")[1][0].before_amount == Decimal("10.30")
    old, new = (
        {name: tmp_path / side / "facts" / f"{name}.parquet" for name in ("lines", "accounts", "journals", "books")}
        for side in ("old", "new")
    )
    whole = entry_changes(tmp_path / "out")[1]
    shown = changed_lines(old, new, whole)
    assert [len(pairs) for pairs in shown] == [2, 2, 1, 0]
    (pair,) = shown[2]
    assert pair.before is not None
    assert pair.after is not None
    assert (pair.before["account"], pair.after["account"], pair.after_line) == ("641000", "699000", 6)


def test_a_wider_decimal_is_the_same_amount(tmp_path: Path) -> None:
    """One file with three decimals somewhere widens its whole table: equal amounts stay equal."""
    old = facts(tmp_path / "old", BASE)
    text = "\n".join([HEADER, *(line for entry in BASE for line in lines(entry)), ""]).replace("|10,01|", "|10,010|")
    extra = "|".join(["AC", "Journal", "99", "20250101", "606100", "Compte", "", "", "P", "20250101", "Fin"])
    text += f"{extra}|0,001|0,00|||20250101||\n{extra}|0,00|0,001|||20250101||\n"
    (tmp_path / "work").mkdir()
    new = write_facts(
        [BytesSource("100000009FEC20251231.txt", text.encode())], tmp_path / "new", work_dir=tmp_path / "work"
    )[0].tables
    found = compare(old, new, tmp_path / "out", work_dir=tmp_path)
    assert (found.unchanged, found.added, found.changed, found.removed) == (30, 1, 0, 0)
