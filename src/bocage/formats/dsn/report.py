"""What a check says: one report a file, one answer for all the files together."""

from dataclasses import dataclass

from bocage.findings import Finding
from bocage.formats.dsn.together import TogetherView


@dataclass(frozen=True, slots=True)
class DeclarationSummary:
    """One declaration of a file. ``siret``, ``month``… are as written, None when absent or unreadable."""

    siret: str | None
    month: str | None
    nature: str | None
    type: str | None
    fraction: str | None
    order: int | None
    individuals: int
    contracts: int


@dataclass(frozen=True, slots=True)
class DsnReport:
    """One file (or one member of an archive).

    ``norm``: version as written, None when the file does not say. ``usable``: its declarations and individuals could
    be read. ``controls_run``: controls, of the norm and of ours, that apply to what the file holds. ``lines``:
    physical lines.
    """

    file: str
    kind: str
    norm: str | None
    usable: bool
    controls_run: int
    declarations: tuple[DeclarationSummary, ...]
    lines: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class DsnCheck:
    """The files given, and what they say together."""

    files: tuple[DsnReport, ...]
    together: TogetherView

    @property
    def usable(self) -> bool:
        """Whether every file is."""
        return all(report.usable for report in self.files)
