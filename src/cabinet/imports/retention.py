"""How long a FEC is kept as received: what its firm decided, after its fiscal year. Facts and report stay."""

from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.accounts.actors import worker
from cabinet.accounts.models import Firm
from cabinet.audit.services import record
from cabinet.imports import storage
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.imports.services import subject_of

KEPT_STATES = (ImportState.ACCEPTED, ImportState.REPLACED)


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 28 February for a 29 February that was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def destroy_old_originals() -> int:
    """Destroy the originals whose time is over, in the firms that set one; how many. For the recurring work."""
    destroyed = 0
    for firm in Firm.objects.filter(originals_kept_years__isnull=False):
        years = firm.originals_kept_years
        if years is None:
            continue
        over = Import.objects.filter(
            firm=firm,
            kind=ImportKind.FEC,
            state__in=KEPT_STATES,
            has_original=True,
            period_end__lt=years_before(timezone.localdate(), years),
        )
        for import_id in list(over.values_list("id", flat=True)):
            destroyed += _destroy(firm, import_id)
    return destroyed


@transaction.atomic
def _destroy(firm: Firm, import_id: UUID) -> int:
    imported = Import.objects.select_for_update(of=("self",)).filter(id=import_id, has_original=True).first()
    if imported is None:
        return 0
    imported.has_original = False
    imported.save(update_fields=["has_original"])
    record("import.original_destroyed", author=worker(firm).author, subject=subject_of(imported))
    transaction.on_commit(partial(storage.remove_original, imported.id))
    return 1
