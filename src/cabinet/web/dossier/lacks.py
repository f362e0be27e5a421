"""Which months of a year have no DSN, as a sentence: what a partial figure must say."""

from collections.abc import Sequence
from dataclasses import dataclass

from cabinet.dossiers.selectors import Figures
from cabinet.web.components.formats import month as month_name
from cabinet.web.components.formats import plural, siret

REASON = "months_missing"
"""The reason of a figure that stands on some of its months only."""
NAMED = 6
"""Months that a sentence names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Lacks:
    """``short`` stands after the mark of confidence, ``sentence`` where there is room. Empty when nothing is absent."""

    short: str
    sentence: str


NOTHING = Lacks("", "")


def lacks_of(figures: Figures) -> Lacks:
    """What the DSN of the year lack, for the company then by établissement."""
    missing: list[str] = []
    declared = 0
    places: list[tuple[str, list[str]]] = []
    for cell in figures.cells("payroll_coverage"):
        months = [month for month in str(cell["by"]["missing"]).split(",") if month]
        if "siret" not in cell["by"]:
            missing, declared = months, len([one for one in str(cell["by"]["present"]).split(",") if one])
        elif own := [month for month in months if month not in missing]:
            places.append((str(cell["by"]["siret"]), own))
    said = [f"Il manque {_listed(missing)}\u00a0: la valeur porte sur {declared} mois."] if missing else []
    said += [f"Il manque {_listed(months)} pour l’établissement {siret(number)}." for number, months in places]
    if not said:
        return NOTHING
    short = f"{declared} mois" if missing else "un établissement incomplet"
    if len(missing) == 1:
        short = f"sans {month_name(missing[0])}"
    return Lacks(short, " ".join(said))


def _listed(months: Sequence[str]) -> str:
    """« octobre 2025 et novembre 2025 »; beyond a few, « …, et 3 autres mois »."""
    names = [month_name(month) for month in months[:NAMED]]
    rest = len(months) - len(names)
    if rest:
        return f"{', '.join(names)} et {plural(rest, 'autre mois', 'autres mois')}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
