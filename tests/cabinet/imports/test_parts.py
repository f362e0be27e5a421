"""A FEC given in several files: one import, whatever the order of its parts, their door, and what is there already."""

import os
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.imports import services, storage
from cabinet.imports.enums import Doubt, ImportState, Refusal
from cabinet.imports.models import Import
from cabinet.imports.quoting import raw_lines_of
from tests.cabinet.imports.samples import PURCHASE, SALE, Deliver, fec, send, zipped
from tests.cabinet.imports.test_fec import figure

LATER = tuple(("3", *rest) for _, *rest in SALE)
WHOLE = "000012344FEC20251231.txt"
PARTS = {1: fec(SALE), 2: fec(PURCHASE), 3: fec(LATER)}  # type: ignore[arg-type]  # five texts


def name(rank: int) -> str:
    return WHOLE.replace(".", f"_{rank}.")


def living(company: Client) -> list[Import]:
    return list(company.imports.exclude(state=ImportState.DELETED))


def originals() -> int:
    return sum(1 for path in storage._root("originals").rglob("*.sealed"))


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (3, 1, 2)], ids=str)
def test_parts_given_one_after_the_other_become_one_import(
    company: Client, deliver: Deliver, order: tuple[int, ...]
) -> None:
    for rank in order:
        deliver(company, name(rank), PARTS[rank])
    (kept,) = living(company)
    assert (kept.file_name, kept.state, kept.doubts) == (WHOLE, ImportState.ACCEPTED, [])
    assert (kept.lines, kept.entries) == (3 * len(order), len(order))
    assert kept.report["parts"] == [name(rank) for rank in sorted(order)]
    assert figure(company, "turnover") == Decimal(1000 * (len(order) - 1))
    assert originals() == len(order)
    for rank, source in zip(sorted(order), storage.sources_of(kept), strict=True):
        with source.open() as stream:
            assert stream.read() == PARTS[rank]
    assert company.years.count() == 1


def test_parts_given_together_are_read_once(company: Client, committed: Any) -> None:
    with committed():  # nothing is read before both are there
        for rank in (1, 2):
            send(company, name(rank), PARTS[rank])
    (kept,) = living(company)
    assert (kept.state, kept.entries, kept.size) == (ImportState.ACCEPTED, 2, len(PARTS[1]) + len(PARTS[2]))


def test_a_part_that_comes_while_the_others_are_read_is_not_lost(
    company: Client, committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cabinet.imports import reading

    read_facts, sent = reading.write_fec_facts, list[int]()

    def meanwhile(*args: Any, **options: Any) -> Any:
        if not sent:
            sent.append(2)
            send(company, name(2), PARTS[2])
        return read_facts(*args, **options)

    monkeypatch.setattr(reading, "write_fec_facts", meanwhile)
    with committed():
        send(company, name(1), PARTS[1])
    (kept,) = living(company)
    assert (kept.state, kept.entries, originals()) == (ImportState.ACCEPTED, 2, 2)


def test_what_lacks_a_part_waits_and_says_which(company: Client, deliver: Deliver, committed: Any) -> None:
    deliver(company, name(1), PARTS[1])
    deliver(company, name(3), PARTS[3])
    first, waiting = sorted(living(company), key=lambda one: one.received_at)
    assert (first.state, figure(company, "turnover")) == (ImportState.ACCEPTED, Decimal(1000))
    assert (waiting.state, waiting.doubts) == (ImportState.TO_CHECK, [Doubt.PART_MISSING])
    said = next(one for one in waiting.report["findings"] if one["code"] == "FILE-11")
    assert "il manque la partie 2" in said["message"]
    with committed():
        services.accept(actor=operator(company.firm), imported=waiting)
    (kept,) = living(company)
    assert (kept.id, kept.entries, figure(company, "turnover")) == (waiting.id, 2, Decimal(2000))


def test_a_bad_part_never_costs_the_books_in_use(company: Client, deliver: Deliver) -> None:
    deliver(company, name(1), PARTS[1])
    bad = deliver(company, name(2), PARTS[2].splitlines()[0] + b"\r\n" + b"OD\tx\r\n" * 40)
    assert (bad.state, bad.refusal) == (ImportState.REFUSED, Refusal.UNREADABLE)
    deliver(company, name(2), PARTS[2])
    (kept,) = [one for one in living(company) if one.state == ImportState.ACCEPTED]
    assert (kept.entries, figure(company, "purchases")) == (2, Decimal(400))


def test_the_same_part_twice_is_recognised_and_new_ones_wait_to_replace(company: Client, deliver: Deliver) -> None:
    for rank in (1, 2):
        deliver(company, name(rank), PARTS[rank])
    again = deliver(company, name(1), PARTS[1])
    assert (again.state, again.refusal) == (ImportState.REFUSED, Refusal.SAME_FILE)
    other = deliver(company, name(2), PARTS[3])
    assert other.doubts == [Doubt.PART_MISSING, Doubt.REPLACES]
    joined = deliver(company, name(1), PARTS[1])  # unchanged, yet the new second part needs it
    assert (joined.state, joined.doubts) == (ImportState.TO_CHECK, [Doubt.REPLACES])
    assert sorted(one.state for one in living(company)) == ["accepted", "refused", "to_check"]


def test_the_parts_of_an_archive_are_one_import(company: Client, deliver: Deliver) -> None:
    headless = PARTS[3].split(b"\r\n", 1)[1]
    members = [(f"compta/{name(2)}", PARTS[2]), (name(1), PARTS[1]), ("paye/notice.pdf", b"%PDF-1.4 notice")]
    deliver(company, "envoi.zip", zipped([*members, (name(3), headless)]))
    (kept,) = living(company)
    assert (kept.file_name, kept.state, kept.entries) == (f"envoi.zip!{WHOLE}", ImportState.ACCEPTED, 3)


def test_the_raw_line_is_that_of_its_part(company: Client, deliver: Deliver) -> None:
    for rank in (1, 2):
        deliver(company, name(rank), PARTS[rank])
    (kept,) = living(company)
    raw = raw_lines_of(kept, [(1, 2), (2, 2)])
    assert [raw[1, 2].split("\t")[4], raw[2, 2].split("\t")[4]] == ["411000", "607000"]


def test_every_part_is_named_by_a_row_and_none_is_missing(
    company: Client, deliver: Deliver, capsys: pytest.CaptureFixture[str]
) -> None:
    for rank in (1, 2):
        deliver(company, name(rank), PARTS[rank])
    for path in storage._root("originals").rglob("*.sealed"):
        os.utime(path, (0, 0))
    call_command("storage_check")
    assert capsys.readouterr().out.startswith("0 orphans, 0 removed")


def test_deleting_destroys_every_part(company: Client, deliver: Deliver, committed: Any) -> None:
    for rank in (1, 2):
        deliver(company, name(rank), PARTS[rank])
    (kept,) = living(company)
    with committed():
        services.delete(actor=operator(company.firm), imported=kept)
    assert (originals(), list(storage._root("originals").iterdir())) == (0, [])
