"""The printed reports of a FEC: its check, and the description that goes with it."""

from django.utils import timezone

from bocage.indicators import ledger
from bocage.reports import Document, render
from bocage.reports.fec import AccountUse, JournalUse, check_document, description_document
from cabinet.accounts.brand import brand_of
from cabinet.imports.enums import ImportKind
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import


def can_print(imported: Import) -> bool:
    """Whether there is a check to print: a FEC that was read."""
    return imported.kind == ImportKind.FEC and bool(imported.report.get("verdicts"))


def check_pdf(imported: Import) -> bytes:
    """The check of a FEC, with the name and the logo of the firm. Raises ValueError when nothing was read."""
    document = check_document(
        _report(imported), brand=brand_of(imported.firm), subject=_subject(imported), day=timezone.localdate()
    )
    return render(document)


def description_pdf(imported: Import) -> bytes:
    """The description of a FEC that the law asks for. Raises ValueError when nothing was read."""
    return render(_description(imported))


def _description(imported: Import) -> Document:
    journals: list[JournalUse] = []
    accounts: list[AccountUse] = []
    if imported.tables:
        tables = tables_of(imported)
        months = ledger.month_table(tables)
        journals = [JournalUse(one.code, one.label, one.total.lines) for one in months.journals]
        accounts = [AccountUse(one.account, one.label, one.lines) for one in ledger.trial_balance(tables).accounts()]
    return description_document(
        _report(imported),
        brand=brand_of(imported.firm),
        subject=_subject(imported),
        day=timezone.localdate(),
        size=imported.size,
        journals=journals,
        accounts=accounts,
    )


def _report(imported: Import) -> dict[str, object]:
    if not can_print(imported):
        raise ValueError("a FEC that was read is needed")
    return {**imported.report, "file": imported.file_name}


def _subject(imported: Import) -> str:
    return imported.client.name if imported.client else ""
