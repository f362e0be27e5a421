from datetime import date, timedelta
from typing import Any

from django.db import migrations

from cabinet.imports.coverage import missing_from, months_of


def sum_up(apps: Any, _editor: Any) -> None:
    """What the latest fiscal year of every client lacks, as the services keep it from now on."""
    years = apps.get_model("clients", "FiscalYear").objects
    imports = apps.get_model("imports", "Import").objects
    months = apps.get_model("imports", "DeclaredMonth").objects
    kept = apps.get_model("imports", "MissingData").objects
    latest: dict[Any, Any] = {}
    for year in years.order_by("-end", "id").iterator():
        latest.setdefault(year.client_id, year)
    for client_id, year in latest.items():
        fec = imports.filter(year_id=year.id, kind="fec", state="accepted").exists()
        declared: set[date] = {
            month.replace(day=1)
            for month in months.filter(source__client_id=client_id, counts=True, month__isnull=False)
            .order_by()
            .values_list("month", flat=True)
        }
        gaps = [one for one in months_of(year.start, year.end) if one >= year.start and one not in declared]
        kept.create(
            client_id=client_id,
            fec_from=None if fec else year.end + timedelta(days=1),
            dsn_from=missing_from(gaps[0]) if gaps else None,
        )


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_missing_data")]

    operations = [migrations.RunPython(sum_up, migrations.RunPython.noop)]
