"""What step 3 shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from cabinet.imports.selectors import running_of
from cabinet.onboarding.checks import Problem, years_of
from cabinet.onboarding.selectors import draft_files
from cabinet.web.wizard.files import FileList, draw_files
from cabinet.web.wizard.forms import FilesForm
from cabinet.web.wizard.frame import draw_frame
from cabinet.web.wizard.gate import Visit
from cabinet.web.wizard.years import YearBlock, draw_years


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """A kind of tool that a firm may connect, and the id of its field."""

    id: str
    label: str


TOOLS = (ToolChoice("outil-comptable", "Outil de production comptable"), ToolChoice("outil-paye", "Outil de paye"))
"""None can be chosen while no connection exists."""


@dataclass(frozen=True, slots=True)
class DataPage:
    """Files, fiscal years, and whether the person may drop files."""

    files: FileList
    years: tuple[YearBlock, ...]
    years_mark: str
    may_import: bool
    connections_url: str
    tools: tuple[ToolChoice, ...] = TOOLS


def draw_data(visit: Visit, blocks: Sequence[Problem] = ()) -> dict[str, Any]:
    """The context of the page and of its fragments."""
    files = draft_files(visit.actor.firm, visit.id)
    years = draw_years(years_of(visit.payload.data, files))
    page = DataPage(
        files=draw_files(files, running_of(files), visit.payload.company),
        years=years,
        years_mark=",".join(year.key for year in years),
        may_import=visit.actor.can("data.import"),
        connections_url=_connections_url(visit),
    )
    return {"frame": draw_frame(visit, blocks), "visit": visit, "page": page, "form": FilesForm()}


def _connections_url(visit: Visit) -> str:
    """Where tools are set up, for who may; empty while the screen does not exist."""
    if not visit.actor.can("connections.manage"):
        return ""
    try:
        return reverse("connections")
    except NoReverseMatch:
        return ""
