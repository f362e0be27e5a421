"""Persons from one month to the next: sex or birth date that changes, provisional number that stays."""

from collections import defaultdict
from collections.abc import Iterator

from bocage.formats.dsn.together.findings import TogetherFinding, found
from bocage.formats.dsn.together.pile import Pile

PROVISIONAL_MONTHS = 3
"""Months after which a provisional number should have given way to a NIR."""


def person_findings(pile: Pile) -> Iterator[TogetherFinding]:
    """INT-IDENT for persons. A birth date that block 31 corrects is no anomaly."""
    known: dict[int, tuple[int, int]] = {}
    provisional: dict[tuple[str, int], int] = defaultdict(int)
    every = [month for months in pile.by_siret.values() for month in months]
    for month in sorted(every, key=lambda month: (month.month, month.siret)):
        sexes, births, late = [], [], []
        for key, person, _ in pile.persons(month):
            sex, birth = known.get(key, (0, 0))
            if sex and person.sex and sex != person.sex:
                sexes.append(person.line)
            if birth and person.birth and birth != person.birth and not person.birth_changed:
                births.append(person.line)
            known[key] = (person.sex or sex, person.birth or birth)
            if person.provisional:
                provisional[month.siret, key] += 1
                if provisional[month.siret, key] == PROVISIONAL_MONTHS:
                    late.append(person.line)
        for what, lines, rubrique in (
            ("sex", sexes, "S21.G00.30.005"),
            ("birth", births, "S21.G00.30.006"),
            ("provisional", late, "S21.G00.30.020"),
        ):
            if lines:
                yield found(
                    "INT-IDENT",
                    what,
                    month.files,
                    siret=month.siret,
                    months=[month.month],
                    lines=lines,
                    rubrique=rubrique,
                )
