"""Writing and reading the journal."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import get_resolver

from cabinet.audit.actions import ACTIONS
from cabinet.audit.models import LogEntry, ReadOnlyEntry
from cabinet.audit.selectors import entries_of_client, entries_of_firm, sentence
from cabinet.audit.services import Author, Origin, Subject, forget_client, record

pytestmark = pytest.mark.django_db
AUTHOR = Author(firm_id=uuid4(), label="Solène Hautbois", origin=Origin.WEB, id=uuid4(), address="10.0.0.1")


def test_an_unknown_action_is_never_written() -> None:
    with pytest.raises(KeyError):
        record("client.frobnicated", author=AUTHOR, subject=Subject(label="x"))
    assert not LogEntry.objects.exists()


def test_a_line_says_who_what_before_after() -> None:
    entry = record(
        "client.changed",
        author=AUTHOR,
        subject=Subject(label="Garage Pellouin", id=uuid4(), client_id=uuid4()),
        changes={"commune": ("Laval", "Mayenne"), "date": (None, date(2025, 3, 1)), "siège": (True, False)},
    )
    entry.refresh_from_db()
    assert (entry.actor_label, entry.origin, entry.address) == ("Solène Hautbois", "web", "10.0.0.1")
    assert entry.changes == {"commune": ["Laval", "Mayenne"], "date": [None, "2025-03-01"], "siège": [True, False]}
    assert entry.firm_id == AUTHOR.firm_id


def test_long_labels_are_cut_rather_than_lost() -> None:
    author = Author(firm_id=uuid4(), label="a" * 300, origin=Origin.WORKER)
    entry = record("firm.changed", author=author, subject=Subject(label="b" * 300))
    entry.refresh_from_db()
    assert (len(entry.actor_label), len(entry.object_label)) == (200, 255)


def test_lines_come_latest_first_and_by_their_own_firm_and_client() -> None:
    client_id = uuid4()
    first = record("client.created", author=AUTHOR, subject=Subject(label="x", client_id=client_id))
    second = record("client.changed", author=AUTHOR, subject=Subject(label="x", client_id=client_id))
    record("client.created", author=AUTHOR, subject=Subject(label="y", client_id=uuid4()))
    record(
        "client.created",
        author=Author(firm_id=uuid4(), label="z", origin=Origin.WEB),
        subject=Subject(label="z", client_id=uuid4()),
    )
    assert list(entries_of_client(client_id)) == [second, first]
    assert entries_of_firm(AUTHOR.firm_id).count() == 3


def test_a_deleted_client_leaves_one_line() -> None:
    client_id = uuid4()
    record("client.created", author=AUTHOR, subject=Subject(label="Garage Pellouin", client_id=client_id))
    kept = record("client.deleted", author=AUTHOR, subject=Subject(label="3 fichiers", id=client_id))
    forget_client(client_id)
    assert list(entries_of_firm(AUTHOR.firm_id)) == [kept]


def test_nothing_changes_or_removes_a_line() -> None:
    entry = record("client.created", author=AUTHOR, subject=Subject(label="Garage Pellouin"))
    lines = LogEntry.objects.filter(id=entry.id)
    for attempt in (
        entry.save,
        entry.delete,
        lines.delete,
        lambda: lines.update(actor_label="x"),
        lambda: LogEntry.objects.bulk_update([entry], ["actor_label"]),
        lambda: LogEntry.objects.update_or_create(id=entry.id, defaults={"actor_label": "x"}),
    ):
        with pytest.raises(ReadOnlyEntry):
            attempt()
    assert lines.get().actor_label == "Solène Hautbois"


def test_the_journal_has_no_other_door() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert {route for route in get_resolver().reverse_dict if isinstance(route, str) and "journal" in route} == {
        "journal",
        "dossier_journal",
        "journal_export",
    }


@pytest.mark.parametrize(
    ("given", "kept"), [("::ffff:10.0.0.1", "10.0.0.1"), ("2001:DB8:0::1", "2001:db8::1"), ("", None), (None, None)]
)
def test_addresses_are_written_in_one_way(given: str | None, kept: str | None) -> None:
    author = Author(firm_id=uuid4(), label="x", origin=Origin.WEB, address=given)
    entry = record("firm.changed", author=author, subject=Subject(label="x"))
    assert entry.address == kept
    assert LogEntry.objects.get().address == kept


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_has_a_french_sentence(action: str) -> None:
    assert sentence(LogEntry(action=action)) == ACTIONS[action]
    assert ACTIONS[action][0].isupper()
