"""The journal of a firm of a million lines: its first page, its filters, a page deep in it, and words.

Prints the queries of each whole page and its milliseconds (median of 5), by the clock and of this process. Makes and
drops a test database, on the server of DATABASE_URL when it is PostgreSQL, else SQLite.
"""
# ruff: noqa: E402 (Django is set up before its models are imported)

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from bench.clients import database, timed
from cabinet.accounts.models import Collaborator
from cabinet.accounts.services import Person, create_firm
from cabinet.audit.models import LogEntry

LINES, BATCH = 1_000_000, 10_000
LAST = datetime(2026, 11, 1, tzinfo=UTC)
ACTIONS = ("client.changed", "import.accepted", "sign_in", "mission.changed", "portfolio.changed")


def fill() -> Collaborator:
    """A firm whose lines speak of ten thousand clients by two hundred people; the oldest one names « Guéhenno »."""
    firm, administrator = create_firm(
        name="Hautbois", administrator=Person("Solène", "Hautbois", "s@cabinet.test"), password=None
    )
    source = random.Random(2026)
    with patch.object(LogEntry._meta.get_field("at"), "auto_now_add", new=False):
        for first in range(0, LINES, BATCH):
            LogEntry.objects.bulk_create(
                LogEntry(
                    firm_id=firm.id, at=LAST - timedelta(seconds=40 * rank), action=source.choice(ACTIONS),
                    actor_label=f"Personne {source.randrange(200)}", origin="web", position=rank + 10,
                    object_label="Guéhenno" if rank == LINES - 1 else f"Société {source.randrange(10_000)}",
                )
                for rank in range(first, first + BATCH)
            )  # fmt: skip
    return administrator


PAGES = {
    "first page": "",
    "one kind": "sorte=fichiers",
    "a month of two years ago": "du=2025-11-01&au=2025-11-30",
    "a word of many lines": "q=soci%C3%A9t%C3%A9",
    "a word of few lines": "q=9876",
    "a word of one line, the oldest": "q=Gu%C3%A9henno",
    "two words": "q=soci%C3%A9t%C3%A9+9876",
    "a word in a month": "q=9876&du=2025-11-01&au=2025-11-30",
}


def main() -> int:
    print(f"journal: {connection.vendor}, {LINES:,} lines")
    with database():
        browser = Browser()
        browser.force_login(fill().user)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE audit_logentry")
        for name, query in PAGES.items():
            clock, processor, queries = timed(browser, f"{reverse('journal')}?{query}")
            print(f"  {name:<32} {queries:>2} queries  {clock:6.1f} ms  {processor:6.1f} ms", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
