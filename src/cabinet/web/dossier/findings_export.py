"""The findings of a file as a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.indicators import ledger
from cabinet.imports.enums import ImportKind
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import
from cabinet.web.dossier.between import Between
from cabinet.web.dossier.books.audit import shown_value
from cabinet.web.dossier.severities import NORM_SEVERITIES, SEVERITY_WORDS

type Row = tuple[Any, ...]

HEAD = ("Code", "Gravité")


def findings_rows(imported: Import, between: Between) -> Iterator[Row]:
    """One row a place (an entry, for the checks of entries), one row for a finding of the whole file.

    Rows are read as they are asked for: a check may point at every line of a FEC.

    ``between``: the findings between months that speak of this file. Their lines are
    those of the last file named.
    """
    dsn = imported.kind == ImportKind.DSN
    if dsn:
        yield (*HEAD, "Norme", "Constat", "Remède", "Nombre", "Ligne", "Rubrique", "Valeur lue", "Fichiers")
    else:
        yield (*HEAD, "Verdict", "Constat", "Remède", "Nombre", "Ligne", "Colonne", "Valeur lue", "Remarque")
    for finding in imported.report.get("findings") or []:
        head = _head(finding, dsn=dsn)
        for cells in _of_report(finding, imported.file_name) if dsn else _of_facts(imported, finding):
            yield (*head, *cells)
    for one in between.findings:
        found, files = one.finding, ", ".join(file.label for file in one.files)
        head = (found.code, one.word, one.norm, found.message, found.remedy, found.count)
        if not found.places:
            yield (*head, "", "", "", files)
        for spot in found.places:
            yield (*head, spot.line, spot.rubrique, "", files)


def _of_facts(imported: Import, finding: Mapping[str, Any]) -> Iterator[Row]:
    """All the places that the facts hold, otherwise those of the report, and whether they are all."""
    column = next((str(where.get("column") or "") for where in finding.get("where") or []), "")
    known, several = False, bool(imported.report.get("parts"))
    for place in ledger.every_place(tables_of(imported), str(finding["code"])) if imported.tables else ():
        known = True
        yield (place.line, place.column or column, shown_value(place.value), _remark(place, several=several))
    if known:
        return
    yield from _of_report(finding, "")
    kept, count = len(_places(finding)), int(finding["count"])
    if 0 < kept < count:
        yield ("", "", "", f"Les {kept} premiers endroits sur {count} sont gardés.")


def _remark(place: ledger.Mark, *, several: bool) -> str:
    part = f"partie {place.part} du fichier" if several else ""
    more = f"et {place.count - 1} de plus dans l’écriture" if place.count > 1 else ""
    return ", ".join(said for said in (part, more) if said)


def _of_report(finding: Mapping[str, Any], last: str) -> Iterator[Row]:
    """The first places of the finding; one row without a place for a finding of the whole file."""
    places = _places(finding)
    if not places:
        yield ("", "", "", last)
    for where in places:
        part = f"partie {where['part']} du fichier" if where.get("part") is not None else last
        yield (where["line"], where.get("column") or where.get("rubrique") or "", str(where.get("value") or ""), part)


def _places(finding: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [where for where in finding.get("where") or [] if where.get("line") is not None]


def _head(finding: Mapping[str, Any], *, dsn: bool) -> Row:
    judged = NORM_SEVERITIES.get(str(finding.get("norm_severity") or ""), "") if dsn else finding.get("verdict") or ""
    return (
        str(finding["code"]),
        SEVERITY_WORDS[str(finding["severity"])],
        judged,
        str(finding["message"]),
        str(finding.get("remedy") or ""),
        int(finding["count"]),
    )
