"""Silae and OpenPaye, as their documentation tells them: tokens, months, absent declarations, frozen configurations."""

from base64 import b64encode
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from bocage.identifiers.company import luhn_ok
from cabinet.connectors import pulling, services
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.core.errors import ConnectorError, Failure, ForbiddenCall
from cabinet.connectors.core.http import Question
from cabinet.connectors.core.port import Access, Company, Pending, Piece, Wish
from cabinet.connectors.models import Connection, Pull, PullState
from cabinet.connectors.pulling import Span
from cabinet.connectors.tools.openpaye import OpenPaye
from cabinet.connectors.tools.silae import BLOCKS, Silae
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.server import Answer, Asked, Server, said
from tests.cabinet.factories import make_client
from tests.cabinet.files import dsn_files
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
DSN = dsn_files()[0].read_bytes()
INSIDE = b"\r\n".join(line for line in DSN.splitlines() if not line.startswith((b"S10", b"S90"))) + b"\r\n"
JANUARY = Wish(date(2025, 1, 1), date(2025, 1, 31))
COMPANY = Company("00042", "DURAND SAS", "999999998", "99999999800019", "DUR01")


def pieces(answer: Any) -> list[Piece]:
    assert not isinstance(answer, Pending)
    return list(answer)


def content(piece: Piece) -> bytes:
    return b"".join(piece.chunks)


def failure(act: Callable[[], Any]) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        act()
    return raised.value


# Silae

LIST, PARTIAL = (
    "POST /v1/InfosDeclaration/ListeDSNMensuelles",
    "POST /v1/InfosDeclaration/AcquisitionContenuPartielDSN",
)
FILES = "POST /v1/InfosTechniquesDossiers/ListeDossiers"
SENT = {"etablissement": "SIEGE", "typeDSN": "1", "siret": "99999999800019", "fraction": 11}
SILAE = {"client_id": "id-SENTINELLE", "client_secret": "secret-SENTINELLE-long", "subscription_key": "cle-SENTINELLE"}


@pytest.fixture
def payroll(server: Server, settings: Any, naps: list[float]) -> Silae:
    settings.SILAE_URL, settings.SILAE_TOKEN_URL = server.url, f"{server.url}/token"
    file = {"numero": "00042", "raisonSociale": "DURAND SAS", "siret": "99999999800019", "numeroInterne": "DUR01"}
    server.routes |= {
        "POST /token": lambda _: said({"access_token": "jeton-SENTINELLE", "expires_in": "3600"}),
        FILES: lambda _: said({"listeDossiers": [file]}),
        LIST: lambda _: said({"listeDSNMensuelles": [{**SENT, "dateEnvoiDSN": "2025-02-04T17:22:10"}]}),
        PARTIAL: lambda _: said({"contenuPartiel": b64encode(INSIDE).decode()}),
    }
    return Silae(Access(uuid4(), uuid4(), SILAE))


def test_silae_gives_a_dsn_with_its_frame(payroll: Silae, server: Server) -> None:
    [piece] = pieces(payroll.fetch(COMPANY, JANUARY))
    lines = content(piece).splitlines()
    assert piece.reconstructed
    assert piece.name == "99999999800019_DSN_202501_01_11.dsn"
    assert lines[0] == b"S10.G00.00.001,'Bocage'"
    assert lines[-2] == f"S90.G00.90.001,'{len(lines)}'".encode()
    assert lines[-1] == b"S90.G00.90.002,'1'"
    asked = server.asked[-1]
    assert asked.document["segments"] == list(BLOCKS)
    assert all(one.headers["dossiers"] == "00042" for one in server.asked if one.path.startswith("/v1/InfosDecl"))
    assert asked.headers["ocp-apim-subscription-key"] == "cle-SENTINELLE"
    assert server.asked[0].body.startswith(b"grant_type=client_credentials&client_id=id-SENTINELLE")


def test_silae_one_token_for_fifty_calls(payroll: Silae, server: Server) -> None:
    for _ in range(25):
        payroll.check()
    assert server.paths().count("POST /token") == 1
    server.next_ones = [said({"errors": [{"code": "401"}], "recoverable": True}, 401)]
    assert [one.ref for one in payroll.companies()] == ["00042"]
    assert server.paths().count("POST /token") == 2


@pytest.mark.parametrize("status", [400, 401, 500])
def test_silae_frozen_is_left_alone(payroll: Silae, server: Server, status: int) -> None:
    payroll.check()
    before = len(server.asked)
    server.next_ones = [said({"errors": [{"code": "1"}], "recoverable": False, "source": "Proxy"}, status)]
    assert failure(payroll.check).failure is Failure.CONFIG_BLOCKED
    assert len(server.asked) == before + 1


def test_silae_a_refused_secret_is_not_tried_again(payroll: Silae, server: Server) -> None:
    server.routes["POST /token"] = lambda _: said({"error": "invalid_client"}, 401)
    assert failure(payroll.check).failure is Failure.AUTH_REJECTED
    assert server.paths() == ["POST /token"]


@pytest.mark.parametrize(
    "listed",
    [None, [], [{**SENT, "dateEnvoiDSN": None}], [{**SENT, "dateEnvoiDSN": "0001-01-01T00:00:00"}]],
    ids=["null", "none", "unsent", "year-one"],
)
def test_silae_nothing_was_sent(payroll: Silae, server: Server, listed: Any) -> None:
    server.routes[LIST] = lambda _: said({"listeDSNMensuelles": listed})
    assert pieces(payroll.fetch(COMPANY, JANUARY)) == []


@pytest.mark.parametrize("content_", ["pas du base64 !", "", b64encode(b"<html>").decode()])
def test_silae_a_content_that_is_none(payroll: Silae, server: Server, content_: str) -> None:
    server.routes[PARTIAL] = lambda _: said({"contenuPartiel": content_})
    found = failure(lambda: pieces(payroll.fetch(COMPANY, JANUARY))).failure
    assert found in {Failure.UNEXPECTED_PAYLOAD, Failure.NOT_A_DSN}


def test_silae_announces_the_end_of_its_secret(payroll: Silae, server: Server) -> None:
    server.routes[FILES] = lambda _: said({"listeDossiers": None}, **{"X-PrimaryKeyExpirationWarning": "2026-12-20"})
    assert payroll.check().expires_on == date(2026, 12, 20)


def test_silae_never_lists_events_nor_writes(payroll: Silae, server: Server) -> None:
    for path in ("/v1/InfosDeclaration/ListeDSNEvenementielles", "/v1/Dossier/Creer"):
        with pytest.raises(ForbiddenCall):
            payroll._caller.ask(Question("POST", path))
    assert server.asked == []


def test_silae_months_reach_the_dossier(people: People, payroll: Silae, server: Server, work: Work) -> None:
    siret = next(line for line in INSIDE.splitlines() if line.startswith(b"S21.G00.06.001"))[-10:-1].decode()
    client = make_client(people.firm, people.manager, siret=f"{siret}{_nic(siret)}")
    server.routes[FILES] = lambda _: said({"listeDossiers": [{"numero": "1", "siret": client.siret}]})
    actor = people.actor("administrator")
    work(lambda: services.open_connection(actor=actor, tool=BY_SLUG["silae"], name="Silae", typed=SILAE))
    connection = Connection.objects.get()
    company = connection.companies.get(client=client)
    work(lambda: pulling.ask(actor=actor, company=company, to=client, spans=[Span(JANUARY.start, JANUARY.end)]))
    assert Pull.objects.get().state == PullState.DONE
    imported = Import.objects.get(client=client)
    assert (imported.state, imported.source, imported.reconstructed) == (ImportState.ACCEPTED, "Silae", True)
    server.next_ones = [said({"recoverable": False}, 400)]
    work(lambda: pulling.ask(actor=actor, company=company, to=client, spans=[Span(JANUARY.start, JANUARY.end)]))
    connection.refresh_from_db()
    assert (connection.blocked, connection.error) == (True, Failure.CONFIG_BLOCKED)


def _nic(siren: str) -> str:

    return next(nic for nic in (f"{rank:05d}" for rank in range(10, 200)) if luhn_ok(siren + nic))


# OpenPaye


@pytest.fixture
def paye(server: Server, settings: Any, naps: list[float]) -> OpenPaye:
    settings.OPENPAYE_URL = server.url
    files = [{"id": 3301, "code": "DUR01", "siret": "99999999800019", "nom_dossier": "DURAND SAS"}]
    files += [{"id": 3302, "code": None, "siret": None, "nom_dossier": "SANS CODE"}]

    def page(asked: Asked) -> Answer:
        at = int(asked.query["page"])
        return said({"total_count": 2, "total_pages": 2, "dossiers": files[at : at + 1]})

    def places(asked: Asked) -> Answer:
        assert asked.query == {"dossierId": "3301", "page": "0"}
        return said({"total_count": 1, "total_pages": 1, "etablissements": [{"id": 5501, "code": "001"}]})

    server.routes |= {
        "GET /dossiers": page,
        "GET /etablissements": places,
        "GET /DSNs": lambda _: Answer(DSN, headers={"Content-Type": "text/plain"}),
    }
    return OpenPaye(Access(uuid4(), uuid4(), {"identifier": "ident-SENTINELLE", "key": "cle-SENTINELLE"}))


DURAND = Company("3301", "DURAND SAS", "999999998", "99999999800019", "DUR01")


def test_openpaye_pages_begin_at_zero(paye: OpenPaye, server: Server) -> None:
    assert [(one.ref, one.code) for one in paye.companies()] == [("3301", "DUR01"), ("3302", "")]
    assert [one.query["page"] for one in server.asked] == ["0", "1"]
    expected = b64encode(b"ident-SENTINELLE:cle-SENTINELLE").decode()
    assert server.asked[0].headers["authorization"] == f"Basic {expected}"


def test_openpaye_a_list_that_lacks_rows_is_refused(paye: OpenPaye, server: Server) -> None:
    server.routes["GET /dossiers"] = lambda _: said({"total_count": 9, "total_pages": 1, "dossiers": []})
    assert failure(lambda: list(paye.companies())).failure is Failure.UNEXPECTED_PAYLOAD


def test_openpaye_dsn_by_code_and_bytes_as_they_came(paye: OpenPaye, server: Server) -> None:
    [piece] = pieces(paye.fetch(DURAND, JANUARY))
    assert (content(piece), piece.reconstructed) == (DSN, False)
    assert server.asked[-1].query == {
        "codeDossier": "DUR01", "codeEtablissement": "001", "annee": "2025", "mois": "1", "format": "txt",
    }  # fmt: skip


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_openpaye_a_month_without_dsn(paye: OpenPaye, server: Server, status: int) -> None:
    server.routes["GET /DSNs"] = lambda _: Answer(status=status)
    assert pieces(paye.fetch(DURAND, JANUARY)) == []


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (401, Failure.AUTH_REJECTED),
        (403, Failure.AUTH_REJECTED),
        (429, Failure.RATE_LIMITED),
        (503, Failure.UNAVAILABLE),
    ],
)
def test_openpaye_a_refusal_is_never_an_absence(paye: OpenPaye, server: Server, status: int, wanted: Failure) -> None:
    server.routes["GET /DSNs"] = lambda _: Answer(status=status)
    assert failure(lambda: pieces(paye.fetch(DURAND, JANUARY))).failure is wanted


def test_openpaye_what_is_no_dsn(paye: OpenPaye, server: Server) -> None:
    server.routes["GET /DSNs"] = lambda _: Answer(b"<html>")
    assert failure(lambda: pieces(paye.fetch(DURAND, JANUARY))).failure is Failure.UNEXPECTED_PAYLOAD
    without = Company("3302", "SANS CODE")
    assert failure(lambda: paye.fetch(without, JANUARY)).failure is Failure.NO_CODE


def test_openpaye_only_reads(paye: OpenPaye, server: Server) -> None:
    for question in (Question("GET", "/NetEntreprise"), Question("POST", "/dossiers"), Question("GET", "/dossiers/1")):
        with pytest.raises(ForbiddenCall):
            paye._caller.ask(question)
    assert server.asked == []
