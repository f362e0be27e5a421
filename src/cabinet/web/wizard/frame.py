"""What every step of the wizard draws around its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cabinet.onboarding.checks import Problem
from cabinet.onboarding.steps import Step
from cabinet.web.components import parts
from cabinet.web.components.formats import siret
from cabinet.web.wizard.gate import ROUTES, Visit
from cabinet.web.wizard.words import Described, describe

TITLES = {
    Step.COMPANY: "Entreprise",
    Step.ORGANISATION: "Organisation",
    Step.DATA: "Données",
    Step.SUMMARY: "Récapitulatif",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Title, stepper, foot and what blocks."""

    title: str
    sub: str
    steps: tuple[parts.Step, ...]
    saved_at: datetime | None
    blocks: tuple[Described, ...]
    previous_url: str
    discard_url: str


def draw_frame(visit: Visit, blocks: Sequence[Problem] = ()) -> Frame:
    """The frame of one step; ``blocks`` is what stops it, named in its foot."""
    company = visit.payload.company
    return Frame(
        title=f"{TITLES[visit.step]} · Nouveau client",
        sub=", ".join(part for part in (company.name, siret(company.siret)) if part) if visit.step > 1 else "",
        steps=tuple(_step(visit, step) for step in Step),
        saved_at=visit.opened.row.updated_at if visit.opened.is_kept else None,
        blocks=tuple(describe(one, typed=company.typed) for one in blocks),
        previous_url=visit.url(ROUTES[Step(visit.step - 1)]) if visit.step > 1 else "",
        discard_url=visit.url("wizard_discard") if visit.opened.is_kept else "",
    )


def _step(visit: Visit, step: Step) -> parts.Step:
    reached = visit.opened.row.step if visit.opened.is_kept else Step.COMPANY
    state = "current" if step is visit.step else "done" if step < reached else "todo"
    return parts.Step(TITLES[step], state, visit.url(ROUTES[step]) if step <= reached else "")
