"""Findings between declarations: codes, severities, and the files they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bocage.findings import Finding, Place, Severity
from bocage.wording import sentence

DOMAIN = "dsn_together"

SEVERITIES: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "INT-MOIS": (Severity.WARNING, "S"),
        "INT-DOUBLE": (Severity.ERROR, "D"),
        "INT-FRAC": (Severity.ERROR, "D"),
        "INT-CONTRAT": (Severity.WARNING, "S"),
        "INT-IDENT": (Severity.WARNING, "S"),
        "INT-ARRET": (Severity.WARNING, "S"),
        "INT-FIN": (Severity.WARNING, "S"),
        "INT-SAUT": (Severity.INFO, "I"),
        "INT-QUOT": (Severity.WARNING, "S"),
    }
)
"""Code → severity, and the letter that the norm would give it."""


@dataclass(frozen=True, slots=True)
class TogetherFinding:
    """A finding that belongs to no file, and the files that it speaks of (lines are those of the last one)."""

    finding: Finding
    files: tuple[str, ...]
    siret: str
    months: tuple[date, ...]
    """First days of the months that it speaks of."""


def found(
    code: str,
    what: str,
    files: Sequence[str],
    *,
    siret: str,
    months: Sequence[date],
    lines: Sequence[int] = (),
    rubrique: str | None = None,
    count: int | None = None,
    severity: Severity | None = None,
    **words: str,
) -> TogetherFinding:
    """Build a finding. ``what`` names the sentence of ``dsn_together.toml`` that says which case of the code it is."""
    usual, letter = SEVERITIES[code]
    chosen = usual if severity is None else severity
    spoken = ", ".join(f"{month:%m/%Y}" for month in months)
    detail = sentence(DOMAIN, f"{code}/{what}", siret=_spaced(siret), months=spoken, **words).message
    return TogetherFinding(
        Finding(
            code,
            chosen,
            count if count is not None else max(len(lines), 1),
            tuple(Place(line, rubrique) for line in lines),
            norm_severity=letter if chosen is usual else "I",
            params=MappingProxyType({"detail": detail, "siret": siret, "months": spoken}),
        ),
        tuple(dict.fromkeys(files)),
        siret,
        tuple(months),
    )


def _spaced(siret: str) -> str:
    """« 000 012 344 00016 », as people read a SIRET; anything else stays as it is."""
    return "\u00a0".join((siret[:3], siret[3:6], siret[6:9], siret[9:])) if len(siret) == 14 else siret
