"""A newer release of Base Carbone, kept as an operator would."""

from pathlib import Path

from django.core.management import call_command

from tests.bocage.referentials.releases import changed_rows, official_csv

NEWER = "V23.9"
CHANGES = {"ademe:43642": {"value": "0.0619", "posts_json": '[{"type": "Amont", "nom": "", "total": 0.0619}]'}}


def obtain_release(folder: Path, version: str = NEWER) -> Path:
    """The made-up release, through the command; the file that it came from."""
    path = folder / f"Base_Carbone_{version}.csv"
    path.write_bytes(official_csv(changed_rows(CHANGES, keep=200)))
    call_command("factors_update", file=path, verbosity=0)
    return path
