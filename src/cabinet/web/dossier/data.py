"""The context of the tab « Données »: files, what waits for a person, fiscal years and their coverage."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.connectors.access import companies_of_client
from cabinet.dossiers.selectors import figures_of
from cabinet.imports.coverage import months_of
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from cabinet.imports.selectors import imports_for_list, running_of
from cabinet.web.connections.fetching import Fetching, draw_fetching
from cabinet.web.dossier.between import Between, between_months, marks
from cabinet.web.dossier.calendar import YearCalendar, calendar_of
from cabinet.web.dossier.files import FileLine, lines_of
from cabinet.web.dossier.forms import FilesForm
from cabinet.web.dossier.frame import Head

NOTHING = Fetching((), (), busy=False)


@dataclass(frozen=True, slots=True)
class DataPage:
    """What the template draws."""

    head: Head
    form: FilesForm
    to_check: Sequence[FileLine]
    files: Sequence[FileLine]
    past: Sequence[FileLine]
    calendar: YearCalendar | None
    between: Between
    """What the DSN of the year say together."""
    fetching: Fetching
    """What the firm's tools have for this client; empty for who may not import."""


def data_of(head: Head) -> DataPage:
    """The files of the client: those that wait for somebody, the live ones, those of the past."""
    imports = list(imports_for_list(head.client))
    lines = lines_of(imports, head.rights, running_of(imports))
    past = {ImportState.REPLACED, ImportState.REFUSED}
    between = _between(head, imports)
    return DataPage(
        head=head,
        form=FilesForm(),
        to_check=[line for line in lines if line.imported.state == ImportState.TO_CHECK],
        files=[line for line in lines if line.imported.state not in {*past, ImportState.TO_CHECK}],
        past=[line for line in lines if line.imported.state in past],
        calendar=calendar_of(head, head.year, figures_of(head.year), marks(between.findings)) if head.year else None,
        between=between,
        fetching=draw_fetching(companies_of_client(head.client), head.client) if head.rights.send else NOTHING,
    )


def fetch_urls(client: Client) -> dict[str, str]:
    """Where the buttons of the card go."""
    return {
        "fetch_state_url": reverse("dossier_tools", args=[client.id]),
        "fetch_years_url": reverse("dossier_tools_years", args=[client.id]),
        "fetch_pull_url": reverse("dossier_tools_pull", args=[client.id]),
        "fetch_nightly_url": reverse("dossier_tools_nightly", args=[client.id]),
    }


def _between(head: Head, imports: Sequence[Import]) -> Between:
    if head.year is None:
        return Between(())
    months = months_of(head.year.start, head.year.end)
    return between_months(head.client, months, {one.id: one.file_name for one in imports})
