"""A dossier against the public average of its branch, in sentences."""

from dataclasses import dataclass

from bocage.identifiers import Naf
from bocage.indicators.carbon import Place, Standing, against_branch
from bocage.wording import sentence
from bocage.wording.figures import number
from cabinet.carbon.selectors import Reading
from cabinet.clients.models import Client
from cabinet.reference_updates.shelf import release_at


@dataclass(frozen=True, slots=True)
class Said:
    """The comparison and its sentences: the average first, then what may be concluded."""

    standing: Standing
    branch: str
    sentences: tuple[str, ...]


def branch_of(client: Client, reading: Reading) -> Said | None:
    """What the average of the client's branch says; None without a branch, a turnover or an estimate."""
    total, row = reading.total(), reading.row
    if not total.lines:
        return None
    naf = Naf.parse(client.ape) if client.ape else None
    found = against_branch(
        total.kgco2e, row.turnover, naf, year=row.ratio_year, release=release_at(row.factors_version)
    )
    if found is None:
        return None
    branch = sentence("branches", found.average.branch).message
    if found.place is Place.TRADE:
        return Said(found, branch, (sentence("carbon", "branch/trade").message,))
    average = sentence(
        "carbon",
        "branch/average",
        branch=branch,
        average=number(found.average.value),
        source=found.average.source,
        year=f"{found.average.year}",
        doubt=number(found.average.uncertainty_pct),
        own=number(found.own, 1),
    )
    waiting = (sentence("carbon", "branch/waiting").message,) if total.missing_lines else ()
    return Said(found, branch, (average.message, sentence("carbon", f"branch/{found.place}").message, *waiting))
