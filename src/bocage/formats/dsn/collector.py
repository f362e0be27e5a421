"""Findings of one file, gathered by code and rubrique, capped, and without any personal value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bocage.findings import MAX_PLACES, Finding, Place, Severity
from bocage.referentials.dsn import Norm

SEVERITIES: Mapping[str, Severity] = {
    "E": Severity.BLOCKING,
    "D": Severity.ERROR,
    "S": Severity.WARNING,
    "I": Severity.INFO,
}
"""The norm's letter → ours: E rejects the envoi, D the declaration, S is a signal, I an information."""

MAX_SUBJECTS = 200
"""Rubriques told apart under one code; the others share one finding."""

_WHOLE_FILE = ("FIC-ENC-01", "FIC-ENC-02", "FIC-VER-01", "FIC-CNT-01")
_INFORMATION = ("FIC-LIG-03", "FIC-ENR-01", "FIC-ESS-01", "FIC-VER-02")
_PUBLIC_RUBRIQUES = frozenset(
    {
        *(f"S10.G00.00.{number}" for number in ("005", "006", "007", "008")),
        *(f"S20.G00.05.{number}" for number in ("001", "002", "003", "004", "005", "007", "008", "010", "011", "013")),
        *(f"S21.G00.06.{number}" for number in ("001", "002", "003", "015")),
        *(f"S21.G00.11.{number}" for number in ("001", "002", "022", "023")),
        *(f"S90.G00.90.{number}" for number in ("001", "002")),
    }
)
"""Rubriques whose value may be shown: they speak of the file and of the company, never of a person."""


_FOLLOW_UPS: Mapping[str, frozenset[str]] = {
    "S10.G00.01.001/CSL-11": frozenset({"S10.G00.01.002/CCH-11"}),
    "S21.G00.06.001/CSL-11": frozenset({"S21.G00.06.002/CSL-11", "S21.G00.11.001/CSL-12", "S21.G00.40.019/CCH-11"}),
    "S21.G00.11.001/CSL-12": frozenset({"S21.G00.40.019/CCH-11"}),
    "S89.G00.32.004/CSL-12": frozenset({"S89.G00.32.005/CCH-11"}),
    "S21.G00.41.012/CSL-11": frozenset({"S21.G00.41.012/CSL-12"}),
    "S21.G00.45.001/CSL-11": frozenset({"S21.G00.45.001/CSL-12"}),
    "S21.G00.85.001/CCH-11": frozenset({"S21.G00.85.001/CCH-12"}),
}
"""A SIREN whose key is wrong makes the key of every SIRET that holds it wrong, and workplaces look undeclared."""


def letter_of(code: str, subject: str) -> str:
    """The norm's severity of a code: of a control by its family, of ours by the table of the catalogue."""
    name = code.partition("/")[2]
    if name.startswith("SIG"):
        return "S"
    if code in _INFORMATION:
        return "I"
    if code.startswith("FIC"):
        return "E" if code in _WHOLE_FILE or code.startswith("FIC-ARC") else "D"
    return "E" if subject.startswith(("S10", "S90")) else "D"


@dataclass(slots=True)
class _Gathered:
    letter: str
    count: int = 0
    params: dict[str, str] = field(default_factory=dict)
    where: list[Place] = field(default_factory=list)


class Collector:
    """Receives breaches one by one."""

    def __init__(self, norm: Norm | None = None) -> None:
        self._norm = norm
        self._found: dict[tuple[str, str], _Gathered] = {}
        self._subjects: dict[str, int] = {}

    def add(
        self,
        code: str,
        line: int | None = None,
        subject: str = "",
        *,
        value: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        """One breach of ``code`` by ``subject`` (rubrique or block). ``value`` is kept for public rubriques only."""
        key = (code, "" if code.startswith("FIC") else subject)
        gathered = self._found.get(key)
        if gathered is None:
            if self._subjects.get(code, 0) >= MAX_SUBJECTS:
                key = (code, "")
                gathered = self._found.get(key)
            if gathered is None:
                self._subjects[code] = self._subjects.get(code, 0) + 1
                gathered = self._found[key] = _Gathered(letter_of(code, subject))
                gathered.params = {**self._names(subject), **(params or {})}
        gathered.count += 1
        if len(gathered.where) < MAX_PLACES:
            shown = value if subject in _PUBLIC_RUBRIQUES else None
            gathered.where.append(Place(line, subject or None, shown))

    def _names(self, subject: str) -> dict[str, str]:
        if self._norm is None or not subject:
            return {"subject": subject, "name": ""}
        row = self._norm.rubriques.get(subject)
        name = row.name if row else self._norm.block_names.get(subject, "")
        return {"subject": subject, "name": name}

    def forget_follow_ups(self) -> None:
        """Drop what only repeats a cause already told: one wrong key, one headline."""
        for cause, followers in _FOLLOW_UPS.items():
            if self.has(cause):
                for key in [key for key in self._found if key[0] in followers]:
                    del self._found[key]

    def findings(self) -> tuple[Finding, ...]:
        """The strongest first, then by first line."""
        found = [
            Finding(
                code,
                SEVERITIES[gathered.letter],
                gathered.count,
                tuple(sorted(gathered.where, key=lambda place: place.line or 0)),
                norm_severity=gathered.letter,
                params=gathered.params,
            )
            for (code, _), gathered in self._found.items()
        ]
        return tuple(sorted(found, key=lambda f: (f.severity.rank, f.where[0].line or 0, f.code)))

    def has(self, code: str) -> bool:
        """Whether a code was met."""
        return any(met == code for met, _ in self._found)
