"""Odoo: the FEC of its export wizard, always as a test, or rebuilt from posted entries when it cannot travel."""

import binascii
from base64 import b64decode
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from cabinet.connectors.core.errors import ConnectorError, Failure, ForbiddenCall
from cabinet.connectors.core.http import Caller, Question, Reply
from cabinet.connectors.core.ledger import Row, write_fec
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year, fec_name
from cabinet.connectors.core.reading import day, mapping, numbers, rows, text, whole
from cabinet.registry.guard import Rate

FIELDS: Final = (
    AccessField("host", "Adresse d’Odoo", secret=False, kind="host", help="Par exemple exemple.odoo.com."),
    AccessField("database", "Base de données", secret=False),
    AccessField("login", "Identifiant de l’utilisateur dédié", secret=False),
    AccessField("key", "Clé API"),
)
HELP: Final = (
    "Créez dans Odoo un utilisateur dédié (Comptabilité\u00a0: Comptable).",
    "Avec cet utilisateur\u00a0: Mon profil › Sécurité du compte › Nouvelle clé API.",
    "L’API externe demande l’offre Personnalisée ou un hébergement à vous.",
)
CAUTION: Final = (
    "Bocage demande toujours l’export «\u00a0test\u00a0»\u00a0: l’exercice n’est jamais verrouillé. La clé a tous les "
    "droits de l’utilisateur\u00a0: donnez-lui les moindres."
)

CORE_WIZARD, OLD_WIZARD, OCA_WIZARD = "l10n_fr.fec.export.wizard", "account.fr.fec", "account.fr.fec.oca"
WIZARDS: Final = (CORE_WIZARD, OLD_WIZARD, OCA_WIZARD)
_READ: Final = frozenset({"search_read", "read", "fields_get"})
_ALLOWED_METHODS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("res.company", "account.move.line", "account.journal", "account.account", "res.partner"), _READ),
    **dict.fromkeys(WIZARDS, frozenset({"fields_get", "create", "generate_fec", "read"})),
}
_RATE: Final = Rate(per_second=2, burst=4)
_PAGE: Final = 5_000
_YEARS_BACK: Final = 5
_UNKNOWN_MODEL: Final = frozenset({"builtins.KeyError", "werkzeug.exceptions.NotFound", "odoo.http.NotFound"})


class _Unknown(ConnectorError):
    """The server has no such model."""

    def __init__(self) -> None:
        super().__init__(Failure.UNEXPECTED_PAYLOAD)


class _CannotTravel(ConnectorError):
    """The wizard worked, and its file cannot be carried by this transport."""

    def __init__(self) -> None:
        super().__init__(Failure.UNEXPECTED_PAYLOAD)


class Odoo:
    """The companies of one database, seen by one user."""

    def __init__(self, access: Access) -> None:
        options = access.options
        self._database, self._login = options.get("database", ""), options.get("login", "")
        self._key = access.secrets["key"]
        self._user: int | None = None
        self._json2 = False
        host = options.get("host", "")
        self._caller = Caller(
            base_url=host if "//" in host else f"https://{host}",
            allowed=(("POST", r"/jsonrpc"), ("POST", r"/json/2/[a-z0-9_.]+/[a-z_]+")),
            bucket=f"odoo:{access.connection_id.hex}",
            rate=_RATE,
            secrets=(self._key,),
            understand=self._understand,
            read_seconds=300.0,
            guarded=True,
        )

    def check(self) -> Checked:
        """The login, one company, and which way the FEC will come."""
        self._ask("res.company", "search_read", [[]], fields=["id"], limit=1)
        wizard = next((one for one in WIZARDS if self._has(one)), None)
        return Checked(who=self._login, warnings=() if wizard else ("no_wizard",))

    def companies(self) -> Iterator[Company]:
        """The companies of the database."""
        for row in rows(
            self._ask("res.company", "search_read", [[]], fields=["id", "name", "vat", "company_registry"])
        ):
            siren, siret = numbers(row.get("company_registry"))
            siren = siren or numbers(text(row.get("vat"))[4:])[0]
            ref = str(whole(row.get("id")))
            yield Company(ref, text(row.get("name")) or f"Société {ref}", siren, siret)

    def years(self, company: Company) -> list[Year]:
        """The last fiscal years, from the day on which the company closes them."""
        wanted = ["fiscalyear_last_month", "fiscalyear_last_day"]
        lock = "fiscalyear_lock_date"
        known = mapping(self._ask("res.company", "fields_get", [], attributes=["type"]))
        found = rows(self._ask("res.company", "read", [[int(company.ref)]], fields=wanted + [lock] * (lock in known)))
        if not found:
            raise ConnectorError(Failure.COMPANY_NOT_VISIBLE)
        month, last = whole(found[0].get(wanted[0]), 12), whole(found[0].get(wanted[1]), 31)
        locked = day(found[0][lock]) if text(found[0].get(lock)) else None
        return closing_years(month, last, locked, timezone.localdate())

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The file of the wizard; else one rebuilt from the entries, which says that it is."""
        wizard = next((one for one in WIZARDS if self._has(one)), None)
        if wizard is not None:
            try:
                return iter([self._generated(wizard, company, wish)])
            except _CannotTravel:
                pass
        name = fec_name(company, wish)
        return iter([Piece(name, write_fec(self._entries(company, wish)), reconstructed=True)])

    # The wizard

    def _has(self, model: str) -> bool:
        try:
            self._fields(model)
        except _Unknown:
            return False
        return True

    def _fields(self, model: str) -> Mapping[str, Any]:
        return mapping(self._ask(model, "fields_get", [], attributes=["type"]))

    def _generated(self, wizard: str, company: Company, wish: Wish) -> Piece:
        known = self._fields(wizard)
        values: dict[str, Any] = {"date_from": wish.start.isoformat(), "date_to": wish.end.isoformat()}
        if "export_type" in known:
            values["export_type"] = "official"
        if wizard != OCA_WIZARD or "test_file" in known:
            # Without it, Odoo locks the fiscal year of the client.
            values["test_file"] = True
        only = {"allowed_company_ids": [int(company.ref)]}
        made = self._ask(wizard, "create", [values], context=only)
        wizard_id = made[0] if isinstance(made, list) and made else made
        answer = self._ask(wizard, "generate_fec", [[wizard_id]], context=only)
        if isinstance(answer, Mapping) and answer.get("file_content"):
            return Piece(_name(answer.get("file_name"), company, wish), [_content(answer["file_content"])])
        if "fec_data" in known:
            found = rows(self._ask(wizard, "read", [[wizard_id]], fields=["fec_data", "filename"]))
            if found and found[0].get("fec_data"):
                return Piece(_name(found[0].get("filename"), company, wish), [_content(found[0]["fec_data"])])
        raise _CannotTravel

    # The entries

    def _entries(self, company: Company, wish: Wish) -> Iterator[Row]:
        journals = self._named("account.journal", ["code", "name"], company)
        accounts = self._named("account.account", ["code", "name"], company)
        last = 0
        while True:
            domain: list[Any] = [
                ["company_id", "=", int(company.ref)],
                ["parent_state", "=", "posted"],
                ["date", ">=", wish.start.isoformat()],
                ["date", "<=", wish.end.isoformat()],
                ["id", ">", last],
            ]
            page = rows(self._ask("account.move.line", "search_read", [domain], fields=_LINE, limit=_PAGE, order="id"))
            for row in page:
                if whole(row.get("id")) <= last:
                    raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
                last = whole(row.get("id"))
                yield _row(row, journals, accounts)
            if len(page) < _PAGE:
                return

    def _named(self, model: str, fields: Sequence[str], company: Company) -> Mapping[int, Mapping[str, Any]]:
        only = {"allowed_company_ids": [int(company.ref)], "active_test": False}
        found = rows(self._ask(model, "search_read", [[]], fields=["id", *fields], context=only))
        return {whole(row.get("id")): row for row in found}

    # The transport

    def _ask(self, model: str, method: str, arguments: Sequence[Any], **named: Any) -> Any:
        """What a method of a model answers. Raises ConnectorError, _Unknown, ForbiddenCall before a byte leaves."""
        if method not in _ALLOWED_METHODS.get(model, frozenset()):
            raise ForbiddenCall(f"{model}.{method}")
        if self._user is None and not self._json2:
            self._sign_in()
        if self._json2:
            return self._ask_json2(model, method, arguments, named)
        args = [self._database, self._user, self._key, model, method, list(arguments), named]
        return self._rpc("object", "execute_kw", args)

    def _sign_in(self) -> None:
        try:
            answer = self._rpc("common", "authenticate", [self._database, self._login, self._key, {}])
        except ConnectorError as error:
            if error.failure is not Failure.COMPANY_NOT_VISIBLE:
                raise
            self._json2 = True  # no such address: a server that has left JSON-RPC behind
            return
        if not isinstance(answer, int) or isinstance(answer, bool):
            raise ConnectorError(Failure.AUTH_REJECTED)
        self._user = answer

    def _rpc(self, service: str, method: str, args: list[Any]) -> Any:
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "id": 1,
            "params": {"service": service, "method": method, "args": args},
        }
        reply = self._caller.ask(Question("POST", "/jsonrpc", document=body, tries=2))
        found = mapping(reply.document())
        if "error" in found:
            self._refuse(mapping(mapping(found["error"]).get("data") or {}))
        return found.get("result")

    def _ask_json2(self, model: str, method: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
        body = {**named, **_named_arguments(method, arguments)}
        headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self._database}
        question = Question("POST", f"/json/2/{model}/{method}", document=body, headers=headers, tries=2)
        try:
            return self._caller.ask(question).document()
        except ConnectorError as error:
            if error.failure is Failure.COMPANY_NOT_VISIBLE:
                raise _Unknown from None
            raise

    def _understand(self, reply: Reply) -> ConnectorError | None:
        """A refusal of JSON-2, whose codes are those of HTTP; ``debug`` holds values of the books: it is not read."""
        if reply.status in {400, 422}:
            document = reply.document_or_none()
            if isinstance(document, Mapping) and document.get("name"):
                try:
                    self._refuse(document)
                except ConnectorError as error:
                    return error
        return None

    def _refuse(self, data: Mapping[str, Any]) -> None:
        """Raises what an error of Odoo means: by its name, never by its sentence."""
        name = text(data.get("name"))
        short = name.rpartition(".")[2]
        if name in _UNKNOWN_MODEL:
            raise _Unknown
        if short == "AccessDenied":
            raise ConnectorError(Failure.AUTH_REJECTED)
        if short == "AccessError":
            raise ConnectorError(Failure.MISSING_RIGHT, "Comptabilité\u00a0: Comptable")
        if short in {"UserError", "ValidationError", "RedirectWarning"}:
            said = " ".join(text(data.get("message")).split()).replace(self._key, "•••")
            raise ConnectorError(Failure.PERIOD_REFUSED, said[:200])
        if short == "TypeError":
            raise _CannotTravel
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD, short)


_LINE: Final = [
    *("journal_id", "move_id", "move_name", "date", "account_id", "partner_id", "ref", "name"),
    *("debit", "credit", "matching_number", "amount_currency", "currency_id"),
]


def _named_arguments(method: str, arguments: Sequence[Any]) -> dict[str, Any]:
    """The arguments that JSON-RPC gives by their place, by their name."""
    if not arguments:
        return {}
    if method == "search_read":
        return {"domain": arguments[0]}
    if method == "create":
        return {"vals_list": [arguments[0]]}
    return {"ids": arguments[0]}


def _name(given: Any, company: Company, wish: Wish) -> str:
    """The name of the file: the tool's own when it has one, under ``.txt`` when it says ``.csv``."""
    own = text(given).rpartition("/")[2]
    fallback = fec_name(company, wish)
    return own or fallback


def _content(value: Any) -> bytes:
    """The file, sent as text or in base64."""
    if not isinstance(value, str):
        raise _CannotTravel
    if value.lstrip("\ufeff").lower().startswith("journalcode"):
        return value.encode()
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ConnectorError(Failure.NOT_A_FEC) from None


def closing_years(month: int, last: int, locked: date | None, today: date) -> list[Year]:
    """The years that end on that day: the one that runs, and those before it."""
    month = min(max(month, 1), 12)
    ends = [_end(today.year + shift, month, last) for shift in range(1, -_YEARS_BACK - 2, -1)]
    running = next(at for at, end in reversed([*enumerate(ends)]) if end >= today)
    return [
        Year("", before + timedelta(days=1), end, locked is not None and locked >= end)
        for end, before in zip(ends[running:-1], ends[running + 1 :], strict=True)
    ]


def _end(year: int, month: int, last: int) -> date:
    """The closing day of a year: the last of its month for 28 February and beyond."""
    longest = monthrange(year, month)[1]
    return date(year, month, longest if last > longest or (month == 2 and last >= 28) else max(last, 1))


def _row(row: Mapping[str, Any], journals: Mapping[int, Any], accounts: Mapping[int, Any]) -> Row:
    journal, account = _one(row.get("journal_id"), journals), _one(row.get("account_id"), accounts)
    third, third_name = _pair(row.get("partner_id"))
    number, on = text(row.get("move_name")), day(row.get("date"))
    foreign = Decimal(str(row.get("amount_currency") or 0))
    currency = _pair(row.get("currency_id"))[1]
    abroad = bool(foreign) and currency not in {"", "EUR"}
    return Row(
        journal=text(journal.get("code")),
        journal_name=text(journal.get("name")),
        number=number or _pair(row.get("move_id"))[0],
        day=on,
        account=text(account.get("code")),
        account_name=text(account.get("name")),
        third=third if text(account.get("code")).startswith("4") else "",
        third_name=third_name if text(account.get("code")).startswith("4") else "",
        piece=text(row.get("ref")) or number,
        piece_day=on,
        label=text(row.get("name")),
        debit=Decimal(str(row.get("debit") or 0)),
        credit=Decimal(str(row.get("credit") or 0)),
        lettering=text(row.get("matching_number")),
        valid_on=on,
        currency_amount=foreign if abroad else None,
        currency=currency if abroad else "",
    )


def _one(value: Any, known: Mapping[int, Any]) -> Mapping[str, Any]:
    """The journal or the account of a line. A line without one would be a hole in the books."""
    found = known.get(whole(_pair(value)[0]))
    if found is None:
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return mapping(found)


def _pair(value: Any) -> tuple[str, str]:
    """A many-to-one of Odoo: ``[7, "Durand"]``, or false."""
    return (text(value[0]), text(value[1])) if isinstance(value, list) and len(value) == 2 else ("", "")
