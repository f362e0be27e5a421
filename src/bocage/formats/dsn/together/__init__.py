"""Several DSN looked at together: which declarations count, which months miss, what changes from month to month.

What the official tool does not do: its controls stop at the file. Usage, one pass over the files in any order::

    together = Together()
    for event in reader.events():
        together.feed(file_name, event)
    view = together.view()          # employers, superseded, findings (INT-…)

Memory holds a few integers a contract and a declaration. Identifiers are hashed with a salt that lives as long as the
process: nothing of a person can be read in what is kept, and no finding names anyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bocage.formats.dsn.reader import Declaration, Individual
from bocage.formats.dsn.reader import Event as ReaderEvent
from bocage.formats.dsn.together.collecting import Collector, Observed
from bocage.formats.dsn.together.contracts import contract_findings
from bocage.formats.dsn.together.findings import TogetherFinding
from bocage.formats.dsn.together.jumps import jump_findings
from bocage.formats.dsn.together.months import Employer, Superseded, employers_of, month_findings, superseded_of
from bocage.formats.dsn.together.persons import person_findings
from bocage.formats.dsn.together.pile import Pile
from bocage.formats.dsn.together.stops import stop_findings

__all__ = ["Employer", "Superseded", "Together", "TogetherFinding", "TogetherView", "view_of"]


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What a pile of files says as a whole."""

    employers: tuple[Employer, ...]
    superseded: tuple[Superseded, ...]
    findings: tuple[TogetherFinding, ...]


class Together:
    """Takes the events of readers and looks at the pile at the end."""

    def __init__(self) -> None:
        self._collector = Collector()

    def feed(self, file: str, event: ReaderEvent) -> None:
        """One event of the reader of ``file`` (its name, or archive!member)."""
        if isinstance(event, Declaration):
            self._collector.declaration(file, event)
        elif isinstance(event, Individual):
            self._collector.individual(event)

    @property
    def declarations(self) -> Sequence[Observed]:
        """What was kept of each declaration, in the order read."""
        return self._collector.declarations

    def view(self) -> TogetherView:
        """Compare everything that was fed."""
        return view_of(self._collector.declarations, self._collector.aliases)


def view_of(declarations: Sequence[Observed], aliases: Mapping[int, int]) -> TogetherView:
    """Compare declarations already observed. ``aliases``: a key under which a person was known → the key now in use."""
    pile = Pile.of(declarations, aliases)
    findings = [
        *month_findings(pile),
        *contract_findings(pile),
        *person_findings(pile),
        *stop_findings(pile),
        *jump_findings(pile),
    ]
    return TogetherView(employers_of(pile), superseded_of(pile), tuple(findings))
