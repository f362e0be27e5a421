"""Contracts from one month to the next: gone without an end, renamed in silence, paid after their end."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bocage.formats.dsn.together.collecting import END_OF_CONTRACT, ContractSeen
from bocage.formats.dsn.together.findings import TogetherFinding, found
from bocage.formats.dsn.together.months import following
from bocage.formats.dsn.together.pile import ContractKey, Month, Pile

UNDONE = 99


@dataclass(frozen=True, slots=True)
class _Case:
    code: str
    what: str
    rubrique: str


_GONE = _Case("INT-CONTRAT", "gone", "S21.G00.40.009")
_START = _Case("INT-IDENT", "start", "S21.G00.40.001")
_NUMBER = _Case("INT-IDENT", "number", "S21.G00.40.009")
_QUOTA = _Case("INT-QUOT", "changed", "S21.G00.40.013")
_PAID = _Case("INT-FIN", "paid", "S21.G00.51.001")
_UNSIGNALLED = _Case("INT-FIN", "unsignalled", "S21.G00.62.001")

type _Contracts = Mapping[ContractKey, ContractSeen]


def contract_findings(pile: Pile) -> Iterator[TogetherFinding]:
    """INT-CONTRAT, INT-IDENT for contracts, INT-QUOT, INT-FIN."""
    signalled = _signalled(pile)
    for months in pile.by_siret.values():
        ended: dict[ContractKey, int] = {}
        was: _Contracts = {}
        before: Month | None = None
        for month in months:
            here = _of(pile, month)
            if before is not None and following(before.month) == month.month:
                yield from _compare(pile, (before, was), (month, here), ended)
            yield from _ends(month, here, ended, signalled)
            before, was = month, here


def _of(pile: Pile, month: Month) -> dict[ContractKey, ContractSeen]:
    return {key: contract for key, contract, _ in pile.contracts(month)}


def _compare(
    pile: Pile,
    before: tuple[Month, _Contracts],
    after: tuple[Month, _Contracts],
    ended: Mapping[ContractKey, int],
) -> Iterator[TogetherFinding]:
    """Two months in a row of one établissement."""
    (earlier, was), (month, here) = before, after
    lines: dict[_Case, list[int]] = defaultdict(list)
    new: dict[int, list[ContractKey]] = defaultdict(list)
    for key in here.keys() - was.keys():
        new[key[1]].append(key)
    first_day = month.month.toordinal()
    for key, contract in was.items():
        now = here.get(key)
        if now is not None:
            if -1 not in (contract.quota, now.quota) and contract.quota != now.quota and not now.quota_changed:
                lines[_QUOTA].append(now.line)
        elif key not in ended and key not in pile.renamed and contract.suspended < first_day and contract.employee:
            renamed = _silently(key, new[key[1]], first_day)
            if renamed is None:
                lines[_GONE].append(contract.line)
            else:
                lines[renamed[0]].append(here[renamed[1]].line)
    for case, places in lines.items():
        # A contract that has gone is shown where it stood last: lines are those of the last file named.
        files = [*month.files, *earlier.files] if case is _GONE else [*earlier.files, *month.files]
        yield _found(case, month, files, places)


def _silently(key: ContractKey, new: list[ContractKey], first_day: int) -> tuple[_Case, ContractKey] | None:
    """The new name of a contract, when it differs by its start or its number only and did not begin this month."""
    for other in new:
        if other[3] == key[3] and other[2] < first_day:
            return _START, other
        if other[2] == key[2]:
            return _NUMBER, other
    return None


def _ends(
    month: Month, here: _Contracts, ended: dict[ContractKey, int], signalled: set[ContractKey] | None
) -> Iterator[TogetherFinding]:
    """Ends declared, undone, contradicted by later pay, or never signalled. Brings ``ended`` up to date."""
    paid, unsignalled = [], []
    for key, contract in here.items():
        if contract.motive == UNDONE:
            ended.pop(key, None)
        elif contract.end:
            ended[key] = contract.end
            if signalled is not None and contract.employee and key not in signalled:
                unsignalled.append(contract.line)
        if (end := ended.get(key)) and contract.paid_from > end:
            paid.append(contract.line)
    if paid:
        yield _found(_PAID, month, month.files, paid)
    if unsignalled:
        yield _found(_UNSIGNALLED, month, month.files, unsignalled)


def _signalled(pile: Pile) -> set[ContractKey] | None:
    """Contracts whose end was signalled; None when no such signal is at hand, for nothing can be said then."""
    signals = [signal for signal in pile.signals if signal.identity.nature == END_OF_CONTRACT]
    if not signals:
        return None
    return {
        (signal.identity.siret, pile.person(contract.person), contract.start, contract.number)
        for signal in signals
        for contract in signal.contracts()
    }


def _found(case: _Case, month: Month, files: Sequence[str], lines: list[int]) -> TogetherFinding:
    return found(
        case.code, case.what, files, siret=month.siret, months=[month.month], lines=lines, rubrique=case.rubrique
    )
