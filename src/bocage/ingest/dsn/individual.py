"""One individual of a declaration, as rows of fact tables. Personal data stop here.

Of block 30 only the identifiers (to the pseudonym), the sex and the birth date (to a year and an age) are looked at;
names, addresses, bank and tax values are never read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bocage.facts.payroll import BENEFIT_KINDS, MASKED_SUSPENSIONS, PAY_KINDS
from bocage.formats.dsn import Block
from bocage.identifiers.declaration import MONTHLY
from bocage.identifiers.period import last_day_of_month
from bocage.ingest.dsn import values as read
from bocage.ingest.dsn.pseudonyms import Pseudonyms
from bocage.ingest.dsn.spooling import Spool

_PREFIX = "S21.G00."
_PAY_KINDS = frozenset(PAY_KINDS)
_BENEFITS = frozenset(BENEFIT_KINDS)
_MASKED = frozenset(MASKED_SUSPENSIONS)
_DISABLED = frozenset(f"{status:02d}" for status in range(1, 13))
_CHANGES = {
    "002": "status",
    "004": "nature",
    "005": "scheme",
    "006": "unit",
    "007": "quota",
    "008": "modality",
    "011": "idcc",
    "016": "recourse",
    "018": "abroad",
    "019": "pcs",
    "022": "reference",
    "048": "disabled",
    "050": "supplied",
    "058": "position",
}


@dataclass(slots=True)
class Context:
    """The declaration that an individual belongs to."""

    declaration: int
    nature: str
    month: date | None
    label: str
    """Names the declaration among all: used for a person who bears no identifier at all."""
    siren: str
    contracts: int = 0
    """Contracts written since the start of the import."""
    individuals: int = 0
    unattached: int = 0
    """Pay lines whose contract is not declared."""


@dataclass(frozen=True, slots=True)
class _Person:
    pseudonym: str
    identity: str
    sex: str | None
    birth: str | None
    birth_corrected: bool
    matricule: str | None
    line: int


@dataclass(slots=True)
class _Contracts:
    """The contracts of one individual, found again by number."""

    rows: list[int] = field(default_factory=list)
    by_number: dict[str, list[tuple[date, int, str | None]]] = field(default_factory=lambda: defaultdict(list))

    def find(self, number: str | None, when: date | None) -> tuple[int, str | None] | None:
        """Row and unit of the contract that ``number`` points to; the last one begun by ``when`` among several."""
        same = self.by_number.get(number or "")
        if not same:
            if len(self.rows) != 1:
                return None
            same = next(iter(self.by_number.values()))
        if len(same) > 1 and when is not None:
            begun = [contract for contract in same if contract[0] <= when]
            same = begun or same
        _, row, unit = max(same, key=lambda contract: contract[0])
        return row, unit


class IndividualWriter:
    """Writes individuals to a spool, under one key."""

    def __init__(self, spool: Spool, pseudonyms: Pseudonyms) -> None:
        self._spool = spool
        self._pseudonyms = pseudonyms

    def write(self, individual: Block, context: Context) -> None:
        """Write everything that is kept of one individual (block S21.G00.30)."""
        context.individuals += 1
        children = _by_block(individual)
        corrected = any(change.values.get("011") for change in children.get("31", ()))
        person = self._person(individual, context, birth_corrected=corrected)
        self._aliases(individual, children, person, context)
        seniority = _seniority(children.get("86", ()))
        contracts = _Contracts()
        for contract in children.get("40", ()):
            self._contract(contract, person, seniority, contracts, context)
        if context.nature != MONTHLY or context.month is None:
            return
        for payment in children.get("50", ()):
            self._payment(payment, contracts, context, context.month)
        for exposure in children.get("34", ()):
            found = contracts.find(exposure.values.get("002"), None)
            factor = read.code(exposure.values.get("001"))
            if found is not None and factor is not None:
                self._spool.add("hardship", (found[0], factor, read.year(exposure.values.get("003"))))

    def _person(self, individual: Block, context: Context, *, birth_corrected: bool) -> _Person:
        get = individual.values.get
        nir, ntt, matricule, birth = get("001"), get("020"), get("019"), get("006")
        if nir:
            identity, identifier = "nir", nir
        elif ntt:
            identity, identifier = "ntt", ntt
        elif matricule:
            identity, identifier = "matricule", f"{context.siren}\0{matricule}"
        else:
            identity, identifier = "none", f"{context.label}\0{context.individuals}"
        pseudonym = self._pseudonyms.person(identity, identifier)
        sex = read.sex(get("005"), nir, ntt)
        return _Person(pseudonym, identity, sex, birth, birth_corrected, matricule, individual.line)

    def _aliases(
        self,
        individual: Block,
        children: Mapping[str, Sequence[Block]],
        person: _Person,
        context: Context,
    ) -> None:
        nir, ntt = individual.values.get("001"), individual.values.get("020")
        if nir and ntt:
            alias = self._pseudonyms.person("ntt", ntt)
            self._spool.add("aliases", (context.declaration, person.pseudonym, alias, "ntt"))
        for change in children.get("31", ()):
            old = change.values.get("008")
            if old and old != nir:
                alias = self._pseudonyms.person("nir", old)
                self._spool.add("aliases", (context.declaration, person.pseudonym, alias, "old_nir"))

    def _contract(
        self,
        contract: Block,
        person: _Person,
        seniority: Mapping[str, tuple[str, str | None]],
        contracts: _Contracts,
        context: Context,
    ) -> None:
        get = contract.values.get
        context.contracts += 1
        row = context.contracts
        start, number, unit = read.day(get("001")), get("009") or "", read.code(get("011"))
        contracts.rows.append(row)
        contracts.by_number[number].append((start or date.min, row, unit))
        month_end = last_day_of_month(context.month) if context.month else None
        tenure, tenure_unit = seniority.get(number) or seniority.get("") or (None, None)
        has_match = person.matricule and person.birth and start
        position = get("041")
        self._spool.add(
            "contracts",
            (
                row,
                context.declaration,
                person.pseudonym,
                person.identity,
                self._pseudonyms.match(person.matricule or "", person.birth or "", str(start)) if has_match else None,
                person.sex,
                read.birth_year(person.birth),
                read.age_on(person.birth, month_end),
                start,
                self._pseudonyms.number(number) if number else None,
                read.day(get("010")),
                read.code(get("007")),
                read.code(get("008")),
                read.code(get("002")),
                read.code(get("004")),
                self._pseudonyms.position(position) if position else None,
                read.code(get("021")),
                unit,
                read.quantity(get("012")),
                read.quantity(get("013")),
                read.code(get("014")),
                read.code(get("017")),
                read.code(get("024")),
                read.code(get("074")),
                get("072") in _DISABLED,
                tenure,
                tenure_unit,
                self._pseudonyms.birth(person.birth) if person.birth else None,
                person.birth_corrected,
                person.line,
                contract.line,
            ),
        )
        for child in contract.children:
            self._event(child, row)

    def _event(self, block: Block, row: int) -> None:
        get = block.values.get
        match block.code[-2:]:
            case "41":
                self._change(block, row)
            case "60":
                motive, last_worked = read.code(get("001")), read.day(get("002"))
                if motive and last_worked:
                    ends = (read.day(get("003")), read.day(get("010")), read.code(get("011")), read.day(get("012")))
                    self._spool.add("absences", (row, motive, last_worked, *ends, block.line))
            case "62":
                last_day, motive = read.day(get("001")), read.code(get("002"))
                if last_day and motive:
                    self._spool.add("ends", (row, last_day, motive))
            case "65":
                motive, start = read.code(get("001")), read.day(get("002"))
                if start:
                    kept = None if motive in _MASKED else motive
                    self._spool.add("suspensions", (row, kept, start, read.day(get("003"))))
            case _:
                pass

    def _change(self, block: Block, row: int) -> None:
        get = block.values.get
        since = read.day(get("001"))
        old_siret, old_number, old_start = read.digits(get("012"), 14), get("014"), read.day(get("021"))
        if old_siret or old_number or old_start:
            number = self._pseudonyms.number(old_number) if old_number else None
            self._spool.add("links", (row, since, old_siret, number, old_start))
        if since is None:
            return
        for rubrique, column in _CHANGES.items():
            value = get(rubrique)
            if value is None:
                continue
            if column in ("quota", "reference"):
                old = read.quantity(value)
            elif column == "disabled":
                # 41.048 bears the old status: someone who had none before has no such rubrique to declare.
                old = "true"
            else:
                old = self._pseudonyms.position(value) if column == "position" else read.code(value)
            if old is not None:
                self._spool.add("changes", (row, since, read.day(get("028")), column, old))

    def _payment(self, payment: Block, contracts: _Contracts, context: Context, month: date) -> None:
        for block in payment.children:
            match block.code[-2:]:
                case "51":
                    self._pay(block, contracts, context, month)
                case "52":
                    kind = read.code(block.values.get("001"))
                    self._extra(block, kind, block.values.get("006"), contracts, context, month)
                case "54":
                    kind = read.code(block.values.get("001"))
                    if kind in _BENEFITS:
                        self._extra(block, kind, block.values.get("005"), contracts, context, month)
                case _:
                    pass

    def _pay(self, block: Block, contracts: _Contracts, context: Context, month: date) -> None:
        get = block.values.get
        kind, value = get("011"), read.amount(get("013"))
        if kind not in _PAY_KINDS:
            return
        start, end = read.day(get("001")), read.day(get("002"))
        found = contracts.find(get("010"), end or start)
        if found is None:
            context.unattached += 1
            return
        row, unit = found
        paid = _month_paid(end or start, month)
        if value is not None:
            self._spool.add("pay", (row, kind, start, end, paid, read.quantity(get("012")), value))
        if kind != "002":
            return
        for activity in block.children:
            if activity.code[-2:] == "53":
                self._activity(activity, row, unit, paid)

    def _activity(self, block: Block, row: int, unit: str | None, paid: date) -> None:
        kind, measure = read.code(block.values.get("001")), read.quantity(block.values.get("002"))
        if kind and measure:
            self._spool.add("hours", (row, kind, read.code(block.values.get("003")) or unit, paid, measure))

    def _extra(
        self,
        block: Block,
        kind: str | None,
        number: str | None,
        contracts: _Contracts,
        context: Context,
        month: date,
    ) -> None:
        get = block.values.get
        value, end = read.amount(get("002")), read.day(get("004"))
        if kind is None or value is None:
            return
        found = contracts.find(number, end)
        if found is None and number is None and contracts.rows:
            # Before P25 block 54 does not name its contract: the first one of the person takes it.
            found = contracts.rows[0], None
        if found is None:
            context.unattached += 1
            return
        self._spool.add("extras", (found[0], block.code[-2:], kind, _month_paid(end, month), value))


def _by_block(block: Block) -> dict[str, list[Block]]:
    children: dict[str, list[Block]] = defaultdict(list)
    for child in block.children:
        children[child.code.removeprefix(_PREFIX)].append(child)
    return children


def _seniority(blocks: Sequence[Block]) -> dict[str, tuple[str, str | None]]:
    """Contract number → value and unit of the seniority in the company."""
    found: dict[str, tuple[str, str | None]] = {}
    for block in blocks:
        value = block.values.get("003")
        if block.values.get("001") == "07" and value is not None and value.isascii() and value.isdigit():
            found[block.values.get("005", "")] = value[:5], read.code(block.values.get("002"))
    return found


def _month_paid(end: date | None, declared: date) -> date:
    """The month that a pay line belongs to: the one declared, or the earlier one that it corrects."""
    return min(end.replace(day=1), declared) if end is not None else declared
