"""The social figures as sheets: values with status, formula and sources; every breakdown; files and months.

They come from the figures kept, so that what the screens hide is in no sheet either.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from bocage.indicators.workforce import DEFINITIONS, ESTIMATES, part_label
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures
from cabinet.imports.selectors import DsnFile
from cabinet.web.components.sheets import safe
from cabinet.web.components.states import CONFIDENCE
from cabinet.web.dossier.figures import HIDDEN, NOT_APPLICABLE, NOT_CONCERNED, UNITS, reason_of, words_of
from cabinet.web.dossier.indicators import unit_of_cell
from cabinet.web.dossier.lacks import REASON, Lacks, lacks_of

type Row = tuple[Any, ...]

HEAD: Row = (
    *("Code", "Indicateur", "Détail", "Valeur", "Unité", "Statut", "Précision", "Formule", "Exclusions", "Variantes"),
    *("Sources", "VSME", "Calcul"),
)
WIDTHS = (26, 38, 40, 14, 20, 14, 50, 80, 60, 60, 60, 12, 18)
LISTS = {
    "headcount_by_month": "Effectif en fin de mois",
    "hires_by_month": "Entrées du mois",
    "leavers_by_month": "Sorties du mois",
    "exits_by_family": "Sorties par motif",
    "age_pyramid": "Pyramide des âges",
    "seniority_pyramid": "Pyramide des anciennetés",
    "contracts_by_nature": "Contrats par nature",
    "temporary_by_recourse": "Contrats temporaires par motif",
    "hourly_pay": "Salaire horaire brut",
}
AXES = {
    "persons": "personnes",
    "mean": "moyenne, € par heure",
    "median": "médiane, € par heure",
    "gap_mean": "écart des moyennes, %",
    "gap_median": "écart des médianes, %",
    "permanent": "contrats permanents",
    "temporary": "contrats temporaires",
}


def sheet_rows(client: Client, year: FiscalYear, kept: Figures, files: Sequence[DsnFile]) -> Iterator[Row]:
    """One table: what it is about, the files read, then each figure, each cell of its breakdown, each list."""
    yield ("Dossier", client.name)
    yield ("Exercice", f"du {year.start:%d/%m/%Y} au {year.end:%d/%m/%Y}, mois entiers")
    for cell in kept.cells("payroll_coverage"):
        by = cell["by"]
        name = f"Établissement {by['siret']}" if "siret" in by else "Mois déclarés"
        yield (name, by["present"].replace(",", ", ") or "aucun", "Mois absents", by["missing"].replace(",", ", "))
    for file in files:
        months = ", ".join(f"{month:%Y-%m}" for month in file.months) or "signalement"
        yield ("Fichier lu", file.file_name, months, ", ".join(file.sirets))
    yield ()
    yield HEAD
    lacks = lacks_of(kept)
    known = {**DEFINITIONS, **ESTIMATES}
    for code, definition in known.items():
        found = kept.get(code)
        if found is not None:
            yield from _figure(found, definition.vsme, lacks)
    for code, title in LISTS.items():
        for cell in kept.cells(code):
            yield from _cells(code, title, cell)


def _figure(found: IndicatorSnapshot, vsme: str, lacks: Lacks) -> Iterator[Row]:
    name, _ = words_of("workforce", found.code)
    unit = UNITS.get(found.unit, found.unit)
    value = _plain(found.value, found.unit) if found.value is not None else _absent(found)
    reason = reason_of("workforce", found.reason)
    if found.reason == REASON and lacks.sentence:
        reason = lacks.sentence
    if found.manual:
        reason = f"Valeur saisie par {found.manual.author_name}\u00a0: {found.manual.reason}"
    said = (CONFIDENCE[found.status], reason, found.formula, found.exclusions, found.variants)
    origin = (", ".join(found.sources), vsme, found.library)
    yield (found.code, name, "", value, unit, *said, *origin)
    for cell in found.breakdown:
        part = (_detail(cell["by"]), _value(cell["value"]), unit_of_cell(cell, found.unit))
        yield (found.code, name, *part, *("",) * len(said), *origin)


def _cells(code: str, title: str, cell: dict[str, Any]) -> Iterator[Row]:
    by = dict(cell["by"])
    if code == "headcount_by_month":
        yield (code, title, _detail({"month": by["month"]}), _value(cell["value"]), "salariés")
        for axis in ("F", "M", "permanent", "temporary"):
            word = part_label("sex", axis) if axis in "FM" else AXES[axis]
            yield (code, title, f"{_detail({'month': by['month']})}, {word}", int(by[axis]), "salariés")
        return
    hidden = by.pop("hidden", "")
    value = cell["value"]
    if value is None and code == "hourly_pay" and not hidden:
        return
    unit = "€" if by.get("what") in {"mean", "median"} else "%" if "gap" in str(by.get("what")) else "salariés"
    yield (code, title, _detail(by), _value(value), unit)


def _detail(by: dict[str, str]) -> str:
    return ", ".join(AXES.get(value, part_label(axis, value)) for axis, value in by.items())


def _absent(found: IndicatorSnapshot) -> str:
    if found.reason in NOT_CONCERNED:
        return NOT_APPLICABLE
    return HIDDEN if found.status == "hidden" else "à compléter"


def _value(value: Any) -> Any:
    if value is None:
        return HIDDEN
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value if isinstance(value, int) else _number(str(value))


def _number(text: str) -> Any:
    if text == "yes":
        return "oui"
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _plain(value: Decimal, unit: str) -> Any:
    if unit == "yes/no":
        return "oui" if value else "non"
    return _number(str(value.normalize()))


def workbook(rows: Sequence[Row]) -> bytes:
    """One sheet, wide columns, the head in bold and in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Indicateurs sociaux")
    for letter, width in zip("ABCDEFGHIJKLM", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{rows.index(HEAD) + 2}"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=safe(value)) for value in row]
        for cell in cells:
            cell.font = Font(bold=row is HEAD)
        sheet.append(cells)
    written = BytesIO()
    book.save(written)
    return written.getvalue()
