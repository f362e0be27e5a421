"""The VSME table as a workbook: one row a data point, totals as formulas over the cells above, sources beside."""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from bocage.referentials.vsme import CREDIT, Module
from bocage.vsme import Row, Value, counts_of, written
from cabinet.clients.models import FiscalYear
from cabinet.vsme.selectors import Table
from cabinet.web.components.sheets import safe
from cabinet.web.dossier.frame import Head
from cabinet.web.vsme.page import show_row

HEAD = ("Code", "Paragraphe", "Point", "Valeur", "Unité", "État", "Précision", "Sources", "Répondu par", "Concept")
WIDTHS = (8, 12, 60, 30, 12, 16, 50, 60, 24, 40)
FIRST_ROW = 9
SUMS: Mapping[str, tuple[str, ...]] = {
    "TotalGrossLocationBasedScope1AndScope2GHGEmissions": (
        "GrossScope1GreenhouseGasEmissions",
        "GrossLocationBasedScope2GreenhouseGasEmissions",
    ),
    "TotalGrossLocationBasedGHGEmissions": (
        "TotalGrossLocationBasedScope1AndScope2GHGEmissions",
        "GrossScope3GreenhouseGasEmissions",
    ),
    "TotalGrossMarketBasedScope1AndScope2GHGEmissions": (
        "GrossScope1GreenhouseGasEmissions",
        "GrossMarketBasedScope2GreenhouseGasEmissions",
    ),
    "TotalGrossMarketBasedGHGEmissions": (
        "TotalGrossMarketBasedScope1AndScope2GHGEmissions",
        "GrossScope3GreenhouseGasEmissions",
    ),
}
RATIOS: Mapping[str, tuple[str, str]] = {
    "Scope1AndScope2GreenhouseGasEmissionsIntensityValueLocationBased": (
        "TotalGrossLocationBasedScope1AndScope2GHGEmissions",
        "Turnover",
    ),
    "TotalLocationBasedGreenhouseGasEmissionsIntensityValue": ("TotalGrossLocationBasedGHGEmissions", "Turnover"),
    "Scope1AndScope2GreenhouseGasEmissionsIntensityValueMarketBased": (
        "TotalGrossMarketBasedScope1AndScope2GHGEmissions",
        "Turnover",
    ),
    "TotalMarketBasedGreenhouseGasEmissionsIntensityValue": ("TotalGrossMarketBasedGHGEmissions", "Turnover"),
}
"""Data points that the workbook computes itself from others, unless somebody answered them."""


def workbook(head: Head, year: FiscalYear, table: Table) -> bytes:
    """The whole table. No text of a client becomes a formula."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "VSME"
    for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(["Dossier", safe(head.client.name)])
    sheet.append(["Exercice", f"du {year.start:%d/%m/%Y} au {year.end:%d/%m/%Y}"])
    for module, name in ((Module.BASIC, "Module de base"), (Module.COMPREHENSIVE, "Module complet")):
        found = counts_of(table.prefill.of_module(module))
        told = f"{found.valued} renseignés, dont {found.to_confirm} à confirmer"
        sheet.append([name, told, f"{found.not_applicable} sans objet", f"{found.to_ask} à demander"])
    sheet.append(["Source", CREDIT])
    sheet.append([])
    sheet.append([])
    sheet.append(HEAD)
    for cell in sheet[FIRST_ROW - 1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    places = {row.point.concept: f"D{FIRST_ROW + rank}" for rank, row in enumerate(table.prefill.rows)}
    for row in table.prefill.rows:
        sheet.append(_cells(head, row, table, places))
    for line in sheet.iter_rows(min_row=FIRST_ROW, min_col=3, max_col=8):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    written_bytes = BytesIO()
    book.save(written_bytes)
    return written_bytes.getvalue()


def _cells(head: Head, row: Row, table: Table, places: Mapping[str, str]) -> list[Any]:
    shown = show_row(head, row, table)
    author = f"{shown.author}, {shown.answered_at:%d/%m/%Y}" if shown.answered_at else ""
    texts = (shown.word, shown.reason, ", ".join(source.text for source in shown.sources), author, shown.concept)
    value = _formula(row, table, places) or _value(row)
    start = (row.point.disclosure, row.point.paragraph, row.point.label_fr)
    return [*map(safe, start), value, safe(row.unit), *map(safe, texts)]


def _formula(row: Row, table: Table, places: Mapping[str, str]) -> str:
    concept = row.point.concept
    if row.value is None or concept in table.answers:
        return ""
    if concept in SUMS:
        return "=" + "+".join(places[one] for one in SUMS[concept])
    if concept in RATIOS:
        above, below = RATIOS[concept]
        return f"={places[above]}/{places[below]}"
    return ""


def _value(row: Row) -> Any:
    value: Value = row.value
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return float(value)
    return safe(written(row))
