"""What the controls of a declaration may look at: the header, the individual at hand, and a tally of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bocage.formats.dsn.reader import After, Declaration, Envelope, Run
from bocage.formats.dsn.tree import DECLARATION, Block, Plan

FAR = 10**9
"""A day after every other: a limit that is unknown never refuses a date."""

_NO_RUN = Run([], Plan((), (), {}), (0,))


@dataclass(slots=True)
class Tally:
    """What must be remembered of the individuals to judge the declaration as a whole. No name, no amount."""

    individuals: int = 0
    contracts: int = 0
    birth_years: dict[str, str] = field(default_factory=dict)
    """NIR → birth year, in memory for the time of the declaration only."""
    provisional: set[str] = field(default_factory=set)
    """NTT met."""
    first_number: int | None = None
    """Line of the first NIR."""
    first_provisional: int | None = None
    """Line of the first NTT."""
    doubles: list[int] = field(default_factory=list)
    """Lines of the NIR met before."""
    provisional_doubles: list[int] = field(default_factory=list)
    adhesions: set[str] = field(default_factory=set)
    """70.013 met."""
    unsure: set[str] = field(default_factory=set)
    """Rubriques of the above that could not be read somewhere: their absence proves nothing."""
    schemes: set[str] = field(default_factory=set)
    """40.020 met."""
    agreements: set[str] = field(default_factory=set)
    """40.029 met."""
    workplaces: dict[str, list[int]] = field(default_factory=dict)
    """40.019 → lines of the first contracts that name it."""
    users: dict[str, list[int]] = field(default_factory=dict)
    """40.046 → lines of the first contracts that name it."""
    last_payment: int | None = None
    blocks: set[str] = field(default_factory=set)
    """Codes of the blocks met under the individuals."""


_KEPT = 20
_WATCHED = ("S21.G00.40", "S21.G00.70", "S21.G00.86")


class Context:
    """One declaration while it is being checked."""

    def __init__(self, declaration: Declaration, envelope: Envelope | None) -> None:
        self.declaration = declaration
        self.header: Run = declaration.header
        self.envelope = envelope
        self.trailer: Sequence[After] = declaration.trailer
        self.run: Run = _NO_RUN
        """The individual (or the block of the end) at hand."""
        self.tally = Tally()
        self._numbered: dict[str, Block] | None = None
        self.nature = declaration.nature or ""
        self.type = declaration.type or ""
        self.siren = declaration.siren or ""
        self.siret = declaration.siret or ""
        self.deposit = (envelope.first("S10.G00.00", "007") if envelope else None) or ""
        self.declared = next(iter(self.header.of(DECLARATION)), None)
        month = declaration.month
        self.month = month or ""
        """``2025-03``, empty for a signal."""
        self.year = int(month[:4]) if month else 0
        first = date(self.year, int(month[5:]), 1) if month else None
        self.month_first = first.toordinal() if first else FAR
        following = _next_month(first) if first else None
        self.month_last = following.toordinal() - 1 if following else FAR
        self.next_month_last = _next_month(following).toordinal() - 1 if following else FAR
        self.file_day = _ordinal(declaration.file_date)
        self.this_year = self._reference_year()

    def _reference_year(self) -> int:
        """The « current year » of the age controls: the year of the file, so that an old file keeps its answer."""
        text = self.declaration.file_date or ""
        return int(text[4:]) if len(text) == 8 and text.isascii() and text.isdigit() else self.year

    def value(self, code: str, number: str) -> str | None:
        """A rubrique of the header."""
        return self.header.first(code, number)

    def look_at(self, run: Run) -> None:
        """Make ``run`` the one at hand."""
        self.run = run
        self._numbered = None

    @property
    def numbered(self) -> Mapping[str, Block]:
        """The contracts of the individual at hand by number (40.009), the first one for each."""
        if self._numbered is None:
            self._numbered = {}
            for contract in self.run.of("S21.G00.40"):
                number = contract.values.get("009")
                if number is not None:
                    self._numbered.setdefault(number, contract)
        return self._numbered

    def contract(self, number: str | None) -> Block | None:
        """The contract of the individual at hand that bears this number (40.009)."""
        return None if number is None else self.numbered.get(number)

    def contracts(self) -> Sequence[Block]:
        """The contracts of the individual at hand."""
        return self.run.of("S21.G00.40")

    def unsure(self, code: str, number: str) -> bool:
        """Whether a mandatory rubrique is unreadable in some instance of a block of the individual at hand."""
        if self.run.rejected:
            return any(block.unsure(number) for block in self.run.of(code))
        return self.run.plan.lacks(code, number)

    def people_after(self, code: str) -> list[Block]:
        """The instances of a block after the individuals."""
        return [block for run in self.trailer for block in run.of(code)]

    def forget_people(self) -> None:
        """Keep nothing of the individuals once the declaration has been judged."""
        self.tally = Tally(self.tally.individuals, self.tally.contracts)
        self.trailer = ()
        self.declaration.trailer.clear()
        self.run = _NO_RUN

    def remember(self, run: Run) -> None:
        """Take note of an individual."""
        tally = self.tally
        tally.individuals += 1
        root = run.blocks[0]
        if len(tally.blocks) < len(_WATCHED):
            tally.blocks.update(block for block in _WATCHED if block in run.plan.ranks)
        if run.rejected:
            tally.unsure.update(f"{block.code}.{number}" for block in run.blocks for number in block.rejected)
        number, provisional = root.values.get("001"), root.values.get("020")
        if number is not None:
            if tally.first_number is None:
                tally.first_number = root.line_of("001")
            if number in tally.birth_years:
                tally.doubles.append(root.line_of("001"))
            tally.birth_years[number] = root.values.get("006", "")[4:]
        if provisional is not None:
            if tally.first_provisional is None:
                tally.first_provisional = root.line_of("020")
            if provisional in tally.provisional:
                tally.provisional_doubles.append(root.line_of("020"))
            tally.provisional.add(provisional)
        for contract in run.of("S21.G00.40"):
            self._remember_contract(contract)
        for affiliation in run.of("S21.G00.70"):
            if "013" in affiliation.values:
                tally.adhesions.add(affiliation.values["013"])
            else:
                tally.unsure.add("S21.G00.70.013")
        for payment in run.of("S21.G00.50"):
            paid = _ordinal(payment.values.get("001"))
            if paid != FAR and (tally.last_payment is None or paid > tally.last_payment):
                tally.last_payment = paid

    def _remember_contract(self, contract: Block) -> None:
        tally, values = self.tally, contract.values
        tally.contracts += 1
        if "020" in values:
            tally.schemes.add(values["020"])
        else:
            tally.unsure.add("S21.G00.40.020")
        if "029" in values:
            tally.agreements.add(values["029"])
        for number, places in (("019", tally.workplaces), ("046", tally.users)):
            if number in values and number not in contract.rejected:
                named = places.setdefault(values[number], [])
                if len(named) < _KEPT:
                    named.append(contract.line_of(number))


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _ordinal(text: str | None) -> int:
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return FAR
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2])).toordinal()
    except ValueError:
        return FAR
