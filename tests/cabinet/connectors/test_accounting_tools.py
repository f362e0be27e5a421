"""MyUnisoft, Odoo and Chift, as their documentation tells them: how they list, how they export, how they refuse."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from cabinet.connectors.core import http
from cabinet.connectors.core.errors import ConnectorError, Failure, ForbiddenCall
from cabinet.connectors.core.ledger import COLUMNS
from cabinet.connectors.core.port import Access, Company, Pending, Piece, Wish
from cabinet.connectors.tools import chift, myunisoft, odoo
from cabinet.connectors.tools.chift import Chift, objects
from cabinet.connectors.tools.myunisoft import MyUnisoft
from cabinet.connectors.tools.odoo import CORE_WIZARD, OCA_WIZARD, OLD_WIZARD, Odoo, closing_years
from tests.cabinet.connectors.server import Answer, Asked, Server, said
from tests.cabinet.files import make_fec

pytestmark = pytest.mark.django_db
OWN = {"localhost": "127.0.0.1"}
YEAR = Wish(date(2025, 1, 1), date(2025, 12, 31))
COMPANY = Company("19", "DURAND SAS", "999999998", "99999999800019")


def pieces(answer: Any) -> list[Piece]:
    assert not isinstance(answer, Pending)
    return list(answer)


def content(piece: Piece) -> bytes:
    return b"".join(piece.chunks)


def access(**secrets: str) -> Access:
    return Access(uuid4(), uuid4(), secrets)


def failure(act: Callable[[], Any]) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        act()
    return raised.value


# MyUnisoft

CABINET = {"target": {"type": "firm"}, "routes": [{"path": "/api/v1/export/fec", "method": "post"}]}
FILE = {"target": {"type": "api"}, "routes": []}


@pytest.fixture
def unisoft(server: Server, settings: Any, naps: list[float]) -> MyUnisoft:
    settings.MYUNISOFT_URL, settings.MYUNISOFT_THIRD_PARTY_SECRET = server.url, "NOTRE-SECRET-SENTINELLE"
    server.routes["GET /key/info"] = lambda _: said(CABINET)
    row = {"society_id": 19, "name": "DURAND SAS", "siret": "999999998", "folder_reference": None}
    server.routes["GET /society"] = lambda _: said({"row_numbers": 1, "pages_number": None, "society_array": [row]})
    year = {"exercice_id": 2101, "start_date": "20250101", "end_date": "20251231", "closed": True}
    server.routes["GET /society/exercice"] = lambda _: said([year])
    server.routes["POST /export/fec"] = lambda _: Answer(make_fec())
    return MyUnisoft(access(key="CLE-SENTINELLE-DU-CABINET"))


def unisoft_refusal(code: str, status: int = 400) -> Answer:
    return said({"error": {"code": code, "message": "…", "details": ""}}, status)


def test_myunisoft_with_the_key_of_a_firm(unisoft: MyUnisoft, server: Server) -> None:
    assert unisoft.check().warnings == ()
    assert [(one.ref, one.siren, one.siret) for one in unisoft.companies()] == [("19", "999999998", "")]
    assert [(one.ref, one.closed) for one in unisoft.years(COMPANY)] == [("2101", True)]
    [piece] = pieces(unisoft.fetch(COMPANY, Wish(YEAR.start, YEAR.end, year_ref="2101")))
    assert content(piece) == make_fec()
    assert (piece.name, piece.reconstructed) == ("999999998FEC20251231.txt", False)
    export = server.asked[-1]
    assert (export.query, export.body) == ({"export_type": "0", "exercice_id": "2101"}, b"")
    assert export.headers["society-id"] == "19"
    assert export.headers["x-third-party-secret"] == "NOTRE-SECRET-SENTINELLE"


def test_myunisoft_with_the_key_of_one_file(unisoft: MyUnisoft, server: Server) -> None:
    server.routes["GET /key/info"] = lambda _: said(FILE)
    server.routes["GET /society"] = lambda _: said({"society_id": 19, "name": "D", "siret": None})
    assert unisoft.check().warnings == ("fec_route_missing",)
    assert [one.ref for one in unisoft.companies()] == ["19"]
    content(pieces(unisoft.fetch(COMPANY, YEAR))[0])
    assert "society-id" not in server.asked[-1].headers
    assert server.asked[-1].query == {"export_type": "1", "from": "2025-01-01", "to": "2025-12-31"}


def test_myunisoft_a_list_that_was_cut_is_refused(unisoft: MyUnisoft, server: Server) -> None:
    server.routes["GET /society"] = lambda _: said({"row_numbers": 40, "society_array": []})
    assert failure(lambda: list(unisoft.companies())).failure is Failure.UNEXPECTED_PAYLOAD


def test_myunisoft_asks_by_dates_for_a_year_it_knows_no_more(unisoft: MyUnisoft, server: Server) -> None:
    answers = [unisoft_refusal("EXERCICE10"), Answer(make_fec())]
    server.routes["POST /export/fec"] = lambda _: answers.pop(0)
    [piece] = pieces(unisoft.fetch(COMPANY, Wish(YEAR.start, YEAR.end, year_ref="1")))
    assert content(piece) == make_fec()
    assert server.asked[-1].query["export_type"] == "1"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("TOKEN2", Failure.AUTH_REJECTED),
        ("ERR-INVALID-SECRET", Failure.OUR_CONFIGURATION),
        ("ERR-FORBIDDEN-ROUTE", Failure.MISSING_RIGHT),
        ("SOCIETE12", Failure.LEDGER_NOT_EXPORTABLE),
        ("FEC1", Failure.PERIOD_REFUSED),
        ("FEC7", Failure.LEDGER_NOT_EXPORTABLE),
        ("FEC11", Failure.LEDGER_NOT_EXPORTABLE),
        ("ERR-API-UNDER-MAINTENANCE", Failure.UNAVAILABLE),
        ("RIEN-DE-CONNU", Failure.UNEXPECTED_PAYLOAD),
    ],
)
def test_myunisoft_refusals(unisoft: MyUnisoft, server: Server, code: str, wanted: Failure) -> None:
    server.routes["POST /export/fec"] = lambda _: unisoft_refusal(code)
    assert failure(lambda: content(pieces(unisoft.fetch(COMPANY, YEAR))[0])).failure is wanted


@pytest.mark.parametrize("unit", ["delay", "seconds", "milliseconds"])
def test_myunisoft_says_when_to_come_back(unisoft: MyUnisoft, server: Server, naps: list[float], unit: str) -> None:
    now = datetime.now(UTC).timestamp() + 20
    reset = {"delay": "20", "seconds": f"{now:.0f}", "milliseconds": f"{now * 1000:.0f}"}[unit]
    hurried = said({"error": {"code": "ERR-TOO-MANY-REQUEST"}}, 429, **{"X-Rate-Limit-Reset": reset})
    server.next_ones = [hurried]
    unisoft.check()
    assert any(17 <= nap <= 21 for nap in naps)


def test_myunisoft_never_imports(unisoft: MyUnisoft, server: Server) -> None:
    for method, path in (("POST", "/fec"), ("POST", "/export/fec/"), ("GET", "/export/fec"), ("POST", "/society")):
        with pytest.raises(ForbiddenCall):
            unisoft._caller.ask(http.Question(method, path))  # type: ignore[arg-type]
    assert server.asked == []


# Odoo


class FakeOdoo:
    """A database of Odoo: which wizards it has, what they answer, what was called."""

    def __init__(self, server: Server) -> None:
        self.wizards: dict[str, dict[str, Any]] = {CORE_WIZARD: {"test_file": {}, "export_type": {}}}
        self.generated: Any = {"file_name": "999999998FEC20251231.csv", "file_content": make_fec().decode("latin-1")}
        self.data: Any = None
        self.error: str | None = None
        self.calls: list[tuple[str, str, list[Any], dict[str, Any]]] = []
        self.lines: list[dict[str, Any]] = []
        server.routes["POST /jsonrpc"] = self._rpc

    def _rpc(self, asked: Asked) -> Answer:
        params = asked.document["params"]
        if params["service"] == "common":
            return self._said(7 if params["args"][2] == "CLE-SENTINELLE" else False)
        _, _, _, model, method, arguments, named = params["args"]
        return self._said(*self.answer(model, method, arguments, named))

    def _said(self, result: Any, error: str = "") -> Answer:
        if error:
            data = {"name": error, "message": "Refus pour CLE-SENTINELLE", "debug": "Traceback: DURAND 120,50"}
            return said({"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "data": data}})
        return said({"jsonrpc": "2.0", "id": 1, "result": result})

    def answer(self, model: str, method: str, arguments: list[Any], named: dict[str, Any]) -> tuple[Any, str]:
        self.calls.append((model, method, arguments, named))
        if model in odoo.WIZARDS and model not in self.wizards:
            return None, "builtins.KeyError"
        if self.error and method in {"generate_fec", "search_read"}:
            return None, self.error
        if method == "fields_get":
            return self.wizards.get(model, {"fiscalyear_lock_date": {}}), ""
        return self._records(model, method, arguments, named), ""

    def _records(self, model: str, method: str, arguments: list[Any], named: dict[str, Any]) -> Any:
        if model == "res.company" and method == "read":
            return [{"id": 1, "fiscalyear_last_month": "12", "fiscalyear_last_day": 31, "fiscalyear_lock_date": False}]
        if model == "res.company":
            return [{"id": 1, "name": "DURAND SAS", "vat": "FR11999999998", "company_registry": "99999999800019"}]
        if model == "account.journal":
            return [{"id": 3, "code": "AC", "name": "Achats"}]
        if model == "account.account":
            return [{"id": 8, "code": "606100", "name": "Électricité"}, {"id": 9, "code": "401000", "name": "Tiers"}]
        if model == "account.move.line":
            after = next(one[2] for one in arguments[0] if one[0] == "id")
            return [one for one in self.lines if one["id"] > after][: named["limit"]]
        return {"create": 55, "generate_fec": self.generated, "read": [self.data]}[method]


@pytest.fixture
def books(server: Server, naps: list[float]) -> FakeOdoo:
    return FakeOdoo(server)


@pytest.fixture
def erp(server: Server, books: FakeOdoo) -> Odoo:
    options = {"host": server.url, "database": "base", "login": "api@client.example"}
    return Odoo(Access(uuid4(), uuid4(), {"key": "CLE-SENTINELLE"}, options))


ONE = Company("1", "DURAND SAS", "999999998")


def test_odoo_generates_as_a_test_and_never_else(erp: Odoo, books: FakeOdoo) -> None:
    [piece] = pieces(erp.fetch(ONE, YEAR))
    assert (content(piece), piece.reconstructed) == (make_fec().decode("latin-1").encode(), False)
    created = [arguments[0] for model, method, arguments, _ in books.calls if method == "create"]
    assert created
    assert all(one["test_file"] is True for one in created)
    assert all(
        named["context"] == {"allowed_company_ids": [1]} for _, method, _, named in books.calls if method == "create"
    )


@pytest.mark.parametrize("wizard", [OLD_WIZARD, OCA_WIZARD])
def test_odoo_older_wizards_give_base64(erp: Odoo, books: FakeOdoo, wizard: str) -> None:

    books.wizards = {wizard: {"fec_data": {}, "filename": {}}}
    books.generated, books.data = (
        {"type": "ir.actions.act_url"},
        {
            "fec_data": b64encode(make_fec()).decode(),
            "filename": "999999998FEC20251231.csv",
        },
    )
    assert content(pieces(erp.fetch(ONE, YEAR))[0]) == make_fec()
    [created] = [arguments[0] for _, method, arguments, _ in books.calls if method == "create"]
    assert created.get("test_file") is (True if wizard == OLD_WIZARD else None)


@pytest.mark.parametrize("reason", ["absent", "stream", "serialisation"])
def test_odoo_rebuilds_and_says_so(erp: Odoo, books: FakeOdoo, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odoo, "_PAGE", 2)
    common = {"journal_id": [3, "Achats"], "date": "2025-01-15", "ref": "F-2201", "name": "ÉNERGIE\tJANVIER"}
    books.lines = [
        {"id": 1, "account_id": [8, "x"], "debit": 120.5, "credit": 0.0, "move_name": "AC/1", **common},
        {"id": 2, "account_id": [9, "x"], "debit": 0.0, "credit": 120.5, "move_name": "AC/1", **common,
         "partner_id": [41, "EDF"]},
        {"id": 3, "account_id": [8, "x"], "debit": 0.1, "credit": 0.0, "move_name": "AC/2", **common},
        {"id": 4, "account_id": [9, "x"], "debit": 0.0, "credit": 0.1, "move_name": "AC/2", **common},
    ]  # fmt: skip
    if reason == "absent":
        books.wizards = {}
    elif reason == "stream":
        books.generated = {"type": "ir.actions.client"}
    else:
        original = books.answer
        monkeypatch.setattr(
            books, "answer",
            lambda m, how, a, n: (None, "builtins.TypeError") if how == "generate_fec" else original(m, how, a, n),
        )  # fmt: skip
    [piece] = pieces(erp.fetch(ONE, YEAR))
    lines = content(piece).decode().splitlines()
    assert piece.reconstructed
    assert lines[0].split("\t") == list(COLUMNS)
    assert [len(line.split("\t")) for line in lines] == [18] * 5
    assert lines[2].split("\t")[4:8] == ["401000", "Tiers", "41", "EDF"]
    assert lines[1].split("\t")[10:13] == ["ÉNERGIE JANVIER", "120,50", "0,00"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("odoo.exceptions.AccessDenied", Failure.AUTH_REJECTED),
        ("odoo.exceptions.AccessError", Failure.MISSING_RIGHT),
        ("odoo.exceptions.UserError", Failure.PERIOD_REFUSED),
        ("psycopg2.OperationalError", Failure.UNEXPECTED_PAYLOAD),
    ],
)
def test_odoo_refuses_with_200(erp: Odoo, books: FakeOdoo, name: str, wanted: Failure) -> None:
    books.error = name
    error = failure(lambda: erp.fetch(ONE, YEAR))
    assert error.failure is wanted
    assert "SENTINELLE" not in error.detail
    assert "DURAND" not in error.detail


def test_odoo_a_wrong_key_is_no_user(erp: Odoo) -> None:
    erp._key = "autre"
    assert failure(erp.check).failure is Failure.AUTH_REJECTED


def test_odoo_json_2_where_json_rpc_is_gone(erp: Odoo, books: FakeOdoo, server: Server) -> None:
    del server.routes["POST /jsonrpc"]

    def route(model: str, method: str) -> Callable[[Asked], Answer]:
        def answer(asked: Asked) -> Answer:
            assert asked.headers["authorization"] == "bearer CLE-SENTINELLE"
            assert asked.headers["x-odoo-database"] == "base"
            body = asked.document
            arguments = body.get("vals_list") or [body.get("domain", body.get("ids"))]
            return said(books.answer(model, method, arguments, body)[0])

        return answer

    for model, method in (
        ("res.company", "search_read"), (CORE_WIZARD, "fields_get"), (CORE_WIZARD, "create"),
        (CORE_WIZARD, "generate_fec"),
    ):  # fmt: skip
        server.routes[f"POST /json/2/{model}/{method}"] = route(model, method)
    assert [one.siret for one in erp.companies()] == ["99999999800019"]
    assert content(pieces(erp.fetch(ONE, YEAR))[0])
    assert [a[0]["test_file"] for _, method, a, _ in books.calls if method == "create"] == [True]


@pytest.mark.parametrize(
    ("model", "method"),
    [("res.company", "write"), ("account.move", "read"), (CORE_WIZARD, "unlink"), ("res.users", "search_read")],
)
def test_odoo_models_and_methods_are_listed(erp: Odoo, server: Server, model: str, method: str) -> None:
    with pytest.raises(ForbiddenCall):
        erp._ask(model, method, [])
    assert server.asked == []


def test_odoo_years_from_the_closing_day(erp: Odoo) -> None:
    assert erp.years(ONE)[0].end.month == 12
    years = closing_years(6, 30, date(2025, 6, 30), date(2026, 3, 1))
    assert [(one.start, one.end, one.closed) for one in years[:2]] == [
        (date(2025, 7, 1), date(2026, 6, 30), False),
        (date(2024, 7, 1), date(2025, 6, 30), True),
    ]
    assert closing_years(2, 28, None, date(2024, 1, 1))[0].end == date(2024, 2, 29)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.8", "192.168.1.4", "169.254.169.254", "[::1]", "u:p@exemple.com", "h:8069"],
)
def test_odoo_an_address_of_our_own_network_is_refused(
    settings: Any, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONNECTORS_LOCAL_HOSTS = False

    monkeypatch.setattr(socket, "getaddrinfo", lambda name, port, **_: [(2, 1, 6, "", (OWN.get(name, name), port))])
    options = {"host": host, "database": "b", "login": "l"}
    error = failure(Odoo(Access(uuid4(), uuid4(), {"key": "k"}, options)).check)
    assert error.failure is Failure.HOST_REFUSED


# Chift


@pytest.fixture
def hub(server: Server, settings: Any, naps: list[float]) -> Chift:
    settings.CHIFT_URL = server.url
    settings.CHIFT_CLIENT_ID, settings.CHIFT_CLIENT_SECRET = "id-SENTINELLE", "secret-SENTINELLE"
    settings.CHIFT_ACCOUNT_ID = "11111111-1111-4111-8111-111111111111"
    given = access()
    consumer = {"consumerid": "c-1", "internal_reference": f"bocage-{given.connection_id}"}
    server.routes |= {
        "POST /token": lambda _: said({"access_token": "jeton", "expires_in": 1800}),
        "GET /consumers": lambda _: said([consumer]),
        "GET /consumers/c-1/accounting/folders": lambda _: said(
            [{"id": "DUR01", "name": "DURAND", "selected": True, "active": True, "vat": "FR11999999998"},
             {"id": "X", "name": "AUTRE", "selected": False}]
        ),
        "POST /consumers/c-1/connections": lambda _: said({"url": "https://chift.example.invalid/lien"}),
    }  # fmt: skip
    return Chift(given)


def chift_row(**cells: Any) -> dict[str, Any]:
    names = {name: "" for name in COLUMNS if name != "EcritureLib"}
    common = {"JournalCode": "AC", "EcritureNum": "1", "EcritureDate": "2025-01-15", "PieceRef": "F-2201"}
    return {**names, **common, "DateLet": None, "Debit": 0, "Credit": 0, "Montantdevise": 0, **cells}


def test_chift_writes_18_columns_from_17_fields(hub: Chift, server: Server) -> None:
    rows = [
        chift_row(CompteNum="606100", CompteLib="ÉLEC\tTRICITÉ", Debit=0.1),
        chift_row(CompteNum="606200", Debit=0.2),
        chift_row(CompteNum="401000", Credit=0.3),
    ]
    server.routes["GET /consumers/c-1/accounting/export-fec"] = lambda _: said(rows)
    [company] = hub.companies()
    assert (company.ref, company.siren) == ("DUR01", "999999998")
    [piece] = pieces(hub.fetch(company, YEAR))
    lines = content(piece).decode().split("\r\n")[:-1]
    assert piece.reconstructed
    assert lines[0].split("\t") == list(COLUMNS)
    assert lines[1].split("\t") == [
        *("AC", "", "1", "20250115", "606100", "ÉLEC TRICITÉ", "", "", "F-2201", "", "F-2201", "0,10", "0,00"),
        *("", "", "", "", ""),
    ]
    assert server.asked[-1].query == {"folder_id": "DUR01", "date_from": "2025-01-01", "date_to": "2025-12-31"}


def test_chift_books_that_do_not_balance_are_refused(hub: Chift, server: Server) -> None:
    server.routes["GET /consumers/c-1/accounting/export-fec"] = lambda _: said([chift_row(Debit=1)])
    error = failure(lambda: content(pieces(hub.fetch(COMPANY, YEAR))[0]))
    assert error.failure is Failure.LEDGER_NOT_EXPORTABLE


def test_chift_years_come_by_pages(hub: Chift, server: Server) -> None:
    def page(asked: Asked) -> Answer:
        year = {"name": "2025", "start": "2025-01-01", "end": "2025-12-31", "closed": True}
        return said(
            {"items": [year] * (100 if asked.query["page"] == "1" else 50), "total": 150, "page": 1, "size": 100}
        )

    server.routes["GET /consumers/c-1/accounting/bookyears"] = page
    assert len(hub.years(COMPANY)) == 150


def test_chift_one_token_for_all_and_another_when_it_is_refused(hub: Chift, server: Server) -> None:
    for _ in range(3):
        hub.check()
    assert server.paths().count("POST /token") == 1
    server.next_ones = [said({"message": "expired"}, 401)]
    hub.check()
    assert server.paths().count("POST /token") == 2
    server.routes["GET /consumers"] = lambda _: said({"message": "no"}, 401)
    assert failure(hub.check).failure is Failure.OUR_CONFIGURATION


def test_chift_the_link_and_what_is_not_finished(hub: Chift, server: Server) -> None:
    assert hub.invite() == "https://chift.example.invalid/lien"
    server.routes["GET /consumers/c-1/accounting/folders"] = lambda _: said({"message": "none"}, 404)
    assert failure(hub.check).failure is Failure.LINK_UNFINISHED
    server.routes["GET /consumers"] = lambda _: said([])
    assert failure(hub.check).failure is Failure.LINK_UNFINISHED


def test_chift_a_consumer_is_not_made_twice_after_a_silence(hub: Chift, server: Server) -> None:
    known: list[dict[str, str]] = []
    reference = hub._reference
    server.routes["GET /consumers"] = lambda _: said(known)

    def create(asked: Asked) -> Answer:
        known.append({"consumerid": "c-1", "internal_reference": asked.document["internal_reference"]})
        return Answer(status=503)

    server.routes["POST /consumers"] = create
    assert hub.invite()
    assert known == [{"consumerid": "c-1", "internal_reference": reference}]


def test_chift_a_tool_without_the_export(hub: Chift, server: Server) -> None:
    server.routes["GET /consumers/c-1/accounting/export-fec"] = lambda _: said({"message": "not supported"}, 400)
    error = failure(lambda: content(pieces(hub.fetch(COMPANY, YEAR))[0]))
    assert (error.failure, "Chift" in error.detail) == (Failure.MISSING_RIGHT, True)


def test_chift_a_large_array_is_read_as_it_comes() -> None:
    text = json.dumps([{"é": rank, "x": 0.1} for rank in range(50)], ensure_ascii=False).encode()
    for size in (1, 7, 1000):
        found = list(objects(text[at : at + size] for at in range(0, len(text), size)))
        assert [one["é"] for one in found] == list(range(50))
        assert found[0]["x"] == Decimal("0.1")
    assert list(objects([b" [ ] "])) == []
    for wrong in (b'{"error": 1}', text[:-1], text[:40], b"", b"[1]", b"\xff\xfe"):
        assert failure(lambda wrong=wrong: list(objects([wrong]))).failure is Failure.UNEXPECTED_PAYLOAD


def test_tools_that_need_an_agreement_are_closed_without_it(settings: Any) -> None:
    settings.MYUNISOFT_THIRD_PARTY_SECRET = settings.CHIFT_CLIENT_SECRET = ""
    assert not myunisoft.is_open()
    assert not chift.is_open()
