"""The cache of answers: thirty days, then the registry is asked again; two years without use, then forgotten."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Company
from bocage.registry.record import from_record, to_record
from cabinet.registry.models import RegistryEntry

FRESH_FOR = timedelta(days=30)
KEPT_UNUSED_FOR = timedelta(days=730)
_USE_NOTED_EVERY = timedelta(days=1)


def recall(number: Siren | Siret, sources: Collection[str]) -> tuple[Company, RegistryEntry] | None:
    """A fresh answer of one of ``sources`` for exactly this number, and its row."""
    now = timezone.now()
    entry = RegistryEntry.objects.filter(number=number, source__in=sources, fetched_at__gt=now - FRESH_FOR).first()
    company = None if entry is None else from_record(entry.record)
    if entry is None or company is None:
        return None
    if entry.used_at < now - _USE_NOTED_EVERY:
        RegistryEntry.objects.filter(number=number).update(used_at=now)
    return company, entry


def remembered(siren: str) -> Company | None:
    """What the registry last said of a company, however old: of its answers, the one with most establishments."""
    found = [from_record(entry.record) for entry in RegistryEntry.objects.filter(siren=siren).order_by("-fetched_at")]
    return max((one for one in found if one is not None), key=lambda one: len(one.establishments), default=None)


def keep(number: Siren | Siret, company: Company, source: str) -> None:
    """Keep an answer. A unit that is hidden from now on disappears at once from its other rows."""
    now = timezone.now()
    if company.partial or any(one.partial for one in company.establishments):
        RegistryEntry.objects.filter(siren=company.siren).exclude(number=number).delete()
    RegistryEntry.objects.update_or_create(
        number=number,
        defaults={
            "siren": company.siren,
            "source": source,
            "record": to_record(company),
            "fetched_at": now,
            "used_at": now,
        },
    )


def forget(number: Siren | Siret) -> None:
    """Drop a number that no source knows any more: its unit may have asked not to be public."""
    RegistryEntry.objects.filter(number=number).delete()


def purge_unused() -> int:
    """Delete what nobody has used for two years; how many rows went."""
    deleted, _ = RegistryEntry.objects.filter(used_at__lt=timezone.now() - KEPT_UNUSED_FOR).delete()
    return deleted
