"""Every tool, against a server that gives back all that it was sent: nothing secret is kept, logged or told."""

import json
from datetime import date
from typing import Any

import pytest

from cabinet.connectors import services
from cabinet.connectors.catalogue import TOOLS, Tool
from cabinet.connectors.checking import connector_of
from cabinet.connectors.core.errors import ConnectorError
from cabinet.connectors.core.port import Company, Wish
from cabinet.connectors.models import Connection
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.kept import everything_kept
from tests.cabinet.connectors.server import Answer, Asked, Server
from tests.cabinet.people import People

STATUSES = (200, 400, 401, 403, 404, 422, 429, 500, 503)
URLS = ("PENNYLANE_URL", "MYUNISOFT_URL", "SILAE_URL", "SILAE_TOKEN_URL", "OPENPAYE_URL", "CHIFT_URL")
OURS = ("MYUNISOFT_THIRD_PARTY_SECRET", "CHIFT_CLIENT_ID", "CHIFT_CLIENT_SECRET", "CHIFT_ACCOUNT_ID")
WISH = Wish(date(2025, 1, 1), date(2025, 12, 31))


def echo(status: int, *, shaped: bool) -> Any:
    """All that came, in the place where a tool would explain itself."""

    def answer(asked: Asked) -> Answer:
        told = f"{dict(asked.headers)} {asked.body.decode('latin-1')} {dict(asked.query)}"
        body = json.dumps({"error": told, "message": told, "name": "odoo.exceptions.UserError"}) if shaped else told
        return Answer(body.encode(), status)

    return answer


def refusals(connector: Any) -> list[str]:
    """What each call of a connector says when it fails."""
    company = Company("19", "DURAND", "999999998", "99999999800019", "DUR01")
    said = []
    for act in (
        connector.check,
        lambda: connector.years(company),
        lambda: [b"".join(one.chunks) for one in connector.fetch(company, WISH)],
    ):
        try:
            act()
        except (ConnectorError, TypeError) as error:  # what is being prepared is no list
            said += [str(error), repr(error), getattr(error, "detail", "")]
    return said


@pytest.mark.parametrize("tool", [one for one in TOOLS if one.gives], ids=lambda tool: tool.slug)
def test_nothing_secret_is_kept_logged_or_told(
    tool: Tool,
    people: People,
    server: Server,
    settings: Any,
    naps: list[float],
    work: Work,
    written: pytest.LogCaptureFixture,
) -> None:
    for name in URLS:
        setattr(settings, name, server.url)
    for name in OURS:
        setattr(settings, name, f"NOTRE-SENTINELLE-{name}")
    typed = {one.name: f"SENTINELLE-{one.name}-abcd" for one in tool.fields if one.secret}
    if tool.slug == "odoo":
        typed |= {"host": server.url, "database": "base", "login": "api@client.example"}
    server.otherwise = echo(401, shaped=True)
    actor = people.actor("administrator")
    work(lambda: services.open_connection(actor=actor, tool=tool, name=tool.name, typed=typed))
    connection = Connection.objects.select_related("firm").get()
    said = []
    for status in STATUSES:
        for shaped in (True, False):
            server.otherwise = echo(status, shaped=shaped)
            work(lambda: services.ask_check(actor=actor, connection=connection))
            said += refusals(connector_of(connection))
    assert server.asked
    for place in (everything_kept(), written.text, "\n".join(said), f"{connector_of(connection)._caller!r}"):
        found = [line for line in place.splitlines() if "SENTINELLE" in line]
        assert found == []
    for one in server.asked:
        assert "SENTINELLE" not in one.path + str(one.query)
