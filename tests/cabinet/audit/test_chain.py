"""The chain of the journal: whole whoever writes at the same time, broken by whoever goes around the product."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from cabinet.audit.chain import content_digest, link_digest, seal
from cabinet.audit.models import ChainHead, LogEntry
from cabinet.audit.services import Author, Origin, Subject, forget_client, record
from cabinet.audit.verification import Anchor, BrokenLink, Trouble, heads, verify

FIRM = UUID(int=7)
CLIENT = UUID(int=8)
RAW = LogEntry._base_manager
"""What a hand at the database does: the product's own manager refuses."""


def write(count: int = 1, firm_id: UUID = FIRM, **about: Any) -> list[LogEntry]:
    author = Author(firm_id=firm_id, label="Solène Hautbois", origin=Origin.WEB, id=uuid4(), address="10.0.0.1")
    subject = Subject(**{"label": "Garage Pellouin", "client_id": CLIENT, **about})
    return [
        record("client.changed", author=author, subject=subject, changes={"rang": (None, rank), "à": ("é", False)})
        for rank in range(count)
    ]


def broken(*anchors: Anchor) -> tuple[int, str] | None:
    found = verify(FIRM, anchors).broken
    return (found.position, found.trouble.value) if found else None


@pytest.fixture
def chained(db: None) -> list[LogEntry]:
    write(6)
    assert seal(FIRM) == 6
    return list(LogEntry.objects.filter(firm_id=FIRM).order_by("position"))


def reseal(entry: LogEntry, previous: str) -> None:
    """What somebody does who knows how links are made, and not that everything after must follow."""
    entry.content_digest = content_digest(entry)
    entry.digest = link_digest(entry, position=entry.position or 0, previous=previous)
    RAW.bulk_update([entry], ["content_digest", "digest", "object_label", "position"])


def test_a_chain_left_alone_is_whole(chained: list[LogEntry]) -> None:
    verdict = verify(FIRM)
    assert (verdict.links, verdict.waiting, verdict.broken) == (6, 0, None)
    assert len({entry.digest for entry in chained}) == 6


def test_lines_wait_until_they_are_committed_then_take_their_place(
    db: None, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        write(3)
        assert verify(FIRM).waiting == 3
    assert (verify(FIRM).links, verify(FIRM).waiting) == (3, 0)


def test_a_line_that_is_rolled_back_leaves_no_gap(
    db: None, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write()
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        write()
    assert (verify(FIRM).links, broken()) == (2, None)


@pytest.mark.parametrize(
    "change",
    [
        {"object_label": "Scierie"},
        {"actor_label": "Personne"},
        {"address": "10.0.0.2"},
        {"changes": {"rang": [None, 99]}},
        {"salt": "0" * 32},
        {"content_digest": "0" * 64},
        {"action": "client.created"},
        {"actor_id": UUID(int=1)},
        {"client_id": None},
        {"origin": "worker"},
        {"at": "2020-01-01T00:00:00Z"},
        {"digest": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_row_is_named(chained: list[LogEntry], change: dict[str, Any]) -> None:
    RAW.filter(position=3).update(**change)
    found = verify(FIRM).broken
    assert found is not None
    assert (found.position, found.entry_id) == (3, chained[2].id)
    assert found.trouble in {Trouble.ALTERED, Trouble.CONTENT}


def test_an_altered_row_whose_digests_were_made_again_breaks_the_next(chained: list[LogEntry]) -> None:
    chained[2].object_label = "Scierie"
    reseal(chained[2], chained[1].digest)
    assert broken() == (4, "altered")


def test_a_removed_row_is_named(chained: list[LogEntry]) -> None:
    RAW.filter(position=4).delete()
    assert broken() == (4, "missing")


def test_a_removed_row_whose_place_was_closed_up_is_named(chained: list[LogEntry]) -> None:
    RAW.filter(position=4).delete()
    for position in (5, 6):
        RAW.filter(position=position).update(position=F("position") - 1)
    assert broken() == (4, "altered")


def test_an_inserted_row_is_named(chained: list[LogEntry]) -> None:
    for position in (6, 5, 4):
        RAW.filter(position=position).update(position=F("position") + 1)
    (entry,) = write()
    entry.position = 4
    reseal(entry, chained[2].digest)
    assert broken() == (5, "altered")


def test_a_row_added_at_the_end_without_the_head_is_named(chained: list[LogEntry]) -> None:
    (entry,) = write()
    entry.position = 7
    reseal(entry, chained[5].digest)
    assert broken() == (7, "head")


def test_swapped_rows_are_named(chained: list[LogEntry]) -> None:
    RAW.filter(position=2).update(position=99)
    RAW.filter(position=5).update(position=2)
    RAW.filter(position=99).update(position=5)
    assert broken() == (2, "altered")


def test_a_truncated_tail_is_named_by_the_head(chained: list[LogEntry]) -> None:
    RAW.filter(position__gt=4).delete()
    assert broken() == (5, "tail")


def test_a_tail_cut_with_its_head_needs_an_anchor(chained: list[LogEntry]) -> None:
    noted = heads()
    RAW.filter(position__gt=4).delete()
    ChainHead.objects.update(position=4, digest=chained[3].digest)
    assert broken() is None  # nothing in the database can tell
    assert broken(*noted) == (5, "tail")
    write(3)
    seal(FIRM)
    assert broken(*noted) == (6, "anchor")


def test_a_whole_journal_removed_needs_an_anchor(chained: list[LogEntry], tmp_path: Path) -> None:
    noted = heads()
    RAW.all().delete()
    ChainHead.objects.all().delete()
    assert verify(FIRM).broken is None
    assert verify(FIRM, noted).broken == BrokenLink(1, Trouble.TAIL)


def test_an_anchor_of_the_past_holds(chained: list[LogEntry]) -> None:
    noted = heads()
    write(2)
    seal(FIRM)
    assert verify(FIRM, noted).broken is None


def test_a_deleted_client_keeps_its_places(chained: list[LogEntry]) -> None:
    author = Author(firm_id=FIRM, label="Inès", origin=Origin.WEB)
    forget_client(CLIENT)
    record("client.deleted", author=author, subject=Subject(label="3 fichiers", id=CLIENT))
    seal(FIRM)
    assert (verify(FIRM).links, broken()) == (7, None)
    left = [f"{entry.object_label}{entry.changes}{entry.actor_label}" for entry in LogEntry.objects.all()]
    assert "Garage Pellouin" not in "".join(left)


def test_an_erasure_that_no_deletion_tells_is_named(chained: list[LogEntry]) -> None:
    forget_client(CLIENT)
    assert broken() == (1, "erased")


def test_an_erased_line_that_tells_something_is_named(chained: list[LogEntry]) -> None:
    author = Author(firm_id=FIRM, label="Inès", origin=Origin.WEB)
    forget_client(CLIENT)
    record("client.deleted", author=author, subject=Subject(label="3 fichiers", id=CLIENT))
    seal(FIRM)
    RAW.filter(position=2).update(object_label="Scierie")
    assert broken() == (2, "erased")


def test_firms_have_chains_of_their_own(chained: list[LogEntry]) -> None:
    other = uuid4()
    write(2, firm_id=other)
    seal(other)
    RAW.filter(firm_id=other, position=1).update(object_label="x")
    assert broken() is None
    assert verify(other).broken is not None


def test_what_stood_before_the_chain_is_chained_by_the_migration(db: None) -> None:
    other = uuid4()
    write(3)
    write(2, firm_id=other)
    RAW.update(salt="", content_digest="")
    import_module("cabinet.audit.migrations.0003_chain_what_stands").chain(apps, None)
    assert (verify(FIRM).links, verify(other).links) == (3, 2)
    assert (broken(), verify(other).broken) == (None, None)
    write(1)
    seal(FIRM)
    assert (verify(FIRM).links, broken()) == (4, None)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_share_one_chain() -> None:
    writers, each = 6, 8
    start = Barrier(writers)

    def writer(rank: int) -> None:
        try:
            start.wait()
            for turn in range(each):
                with transaction.atomic():
                    write(2, id=UUID(int=rank * 100 + turn))
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(writer, range(writers)))
    verdict = verify(FIRM)
    assert (verdict.links, verdict.waiting, verdict.broken) == (writers * each * 2, 0, None)


@pytest.mark.django_db(transaction=True)
def test_a_long_transaction_keeps_nobody_waiting() -> None:
    """On SQLite writers wait for each other whatever they write; the chain must not add to it elsewhere."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time, by design")

    def other() -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            with transaction.atomic():
                write(2)
            return verify(FIRM).links
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        write(2)
        assert pool.submit(other).result() == 2
    assert (verify(FIRM).links, broken()) == (4, None)


def test_the_command_says_what_it_found(chained: list[LogEntry], capsys: pytest.CaptureFixture[str]) -> None:
    write()
    call_command("journal_verify")
    assert f"{FIRM}: 6 links, whole, 1 waiting to be sealed." in capsys.readouterr().out
    RAW.filter(position=3).update(object_label="x")
    with pytest.raises(CommandError):
        call_command("journal_verify", firm=FIRM)
    said = capsys.readouterr().out
    assert f"broken at link 3 (line {chained[2].id}" in said
    assert "Garage" not in said


def test_the_command_notes_heads_and_holds_the_chains_to_them(
    chained: list[LogEntry], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("journal_verify", export_heads=True)
    kept = tmp_path / "heads.jsonl"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(kept.read_text()) == {"firm": str(FIRM), "position": 6, "digest": chained[5].digest}
    call_command("journal_verify", heads=kept)
    RAW.filter(position=6).delete()
    ChainHead.objects.update(position=5, digest=chained[4].digest)
    call_command("journal_verify")
    with pytest.raises(CommandError):
        call_command("journal_verify", heads=kept)
    assert "lines are missing at the end" in capsys.readouterr().out
    kept.write_text("x", encoding="utf-8")
    with pytest.raises(CommandError, match="no file of heads"):
        call_command("journal_verify", heads=kept)
