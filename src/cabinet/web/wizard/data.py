"""What step 3 shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cabinet.connectors.access import companies_of_number, usable_connections
from cabinet.connectors.models import ToolCompany
from cabinet.imports.selectors import running_of
from cabinet.onboarding.checks import Problem, years_of
from cabinet.onboarding.selectors import draft_files
from cabinet.web.connections.fetching import Fetching, draw_fetching
from cabinet.web.wizard.files import FileList, draw_files
from cabinet.web.wizard.forms import FilesForm
from cabinet.web.wizard.frame import draw_frame
from cabinet.web.wizard.gate import Visit
from cabinet.web.wizard.years import YearBlock, draw_years


@dataclass(frozen=True, slots=True)
class DataPage:
    """Files, fiscal years, and whether the person may drop files."""

    files: FileList
    years: tuple[YearBlock, ...]
    years_mark: str
    may_import: bool
    connections_url: str
    fetching: Fetching
    connected: bool
    """Whether the firm has a tool that may be chosen."""


def draw_data(visit: Visit, blocks: Sequence[Problem] = ()) -> dict[str, Any]:
    """The context of the page and of its fragments."""
    files = draft_files(visit.actor.firm, visit.id)
    years = draw_years(years_of(visit.payload.data, files))
    page = DataPage(
        files=draw_files(files, running_of(files), visit.payload.company),
        years=years,
        years_mark=",".join(year.key for year in years),
        may_import=visit.actor.can("data.import"),
        connections_url=reverse("connections") if visit.actor.can("connections.manage") else "",
        fetching=draw_fetching(companies_of_draft(visit), visit.id),
        connected=usable_connections(visit.actor.firm).exists(),
    )
    frame = draw_frame(visit, blocks)
    return {"frame": frame, "visit": visit, "page": page, "form": FilesForm(), **fetch_urls(visit)}


def companies_of_draft(visit: Visit) -> QuerySet[ToolCompany]:
    """What the tools have for the company of the draft."""
    return companies_of_number(visit.actor.firm, visit.payload.company.siret)


def fetch_urls(visit: Visit) -> dict[str, str]:
    """Where the buttons of the card go. What runs each night is decided once the client is there."""
    return {
        "fetch_state_url": visit.url("wizard_tools"),
        "fetch_years_url": visit.url("wizard_tools_years"),
        "fetch_pull_url": visit.url("wizard_tools_pull"),
        "fetch_nightly_url": "",
    }
