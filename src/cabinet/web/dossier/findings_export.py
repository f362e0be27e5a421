"""The findings of a file as a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from cabinet.imports.enums import ImportKind
from cabinet.imports.models import Import
from cabinet.web.dossier.between import Between
from cabinet.web.dossier.severities import NORM_SEVERITIES, SEVERITY_WORDS

type Row = tuple[Any, ...]

HEAD = ("Code", "Gravité")


def findings_rows(imported: Import, between: Between) -> Iterator[Row]:
    """One row a place, one row for a finding of the whole file.

    ``between``: the findings between months that speak of this file. Their lines are
    those of the last file named.
    """
    dsn = imported.kind == ImportKind.DSN
    if dsn:
        yield (*HEAD, "Norme", "Constat", "Remède", "Nombre", "Ligne", "Rubrique", "Valeur lue", "Fichiers")
    else:
        yield (*HEAD, "Verdict", "Constat", "Remède", "Nombre", "Ligne", "Colonne", "Valeur lue")
    own = (imported.file_name,) if dsn else ()
    for finding in imported.report.get("findings") or []:
        head = _head(finding, dsn=dsn)
        places = [where for where in finding.get("where") or [] if where.get("line") is not None]
        if not places:
            yield (*head, "", "", "", *own)
        for where in places:
            column = where.get("column") or where.get("rubrique") or ""
            yield (*head, where["line"], column, str(where.get("value") or ""), *own)
    for one in between.findings:
        found, files = one.finding, ", ".join(file.label for file in one.files)
        head = (found.code, one.word, one.norm, found.message, found.remedy, found.count)
        if not found.places:
            yield (*head, "", "", "", files)
        for spot in found.places:
            yield (*head, spot.line, spot.rubrique, "", files)


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
