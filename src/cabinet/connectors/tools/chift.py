"""Chift, one API for many accounting tools: rows of a ledger, written as a FEC."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.http import Caller, Question, Reply
from cabinet.connectors.core.ledger import Row, write_fec
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year, fec_name
from cabinet.connectors.core.reading import day, mapping, numbers, rows, text, whole
from cabinet.connectors.core.tokens import SHELF, Token
from cabinet.registry.guard import Rate

FIELDS: Final[tuple[AccessField, ...]] = ()
HELP: Final = (
    "Votre logiciel (Sage, EBP, Cegid Loop…) se connecte par notre partenaire Chift.",
    "Enregistrez cette connexion, puis demandez son lien\u00a0: choisissez votre logiciel et suivez les étapes. "
    "Le lien est valable 30 minutes.",
    "Revenez ici et testez la connexion.",
)
LACKING: Final = "L’exploitant de Bocage doit d’abord avoir un contrat avec Chift."

_ID: Final = r"[0-9A-Za-z-]{1,64}"
_ALLOWED: Final = (
    ("POST", r"/token"),
    ("GET", r"/consumers"),
    ("POST", r"/consumers"),
    ("GET", rf"/consumers/{_ID}/connections"),
    ("POST", rf"/consumers/{_ID}/connections"),
    ("GET", rf"/consumers/{_ID}/accounting/folders"),
    ("GET", rf"/consumers/{_ID}/accounting/bookyears"),
    ("GET", rf"/consumers/{_ID}/accounting/export-fec"),
)
_RATE: Final = Rate(per_second=2, burst=4)
_MAX_PAGES: Final = 100
_PLATFORM: Final = "chift"


def is_open() -> bool:
    """Whether this installation has an account at Chift."""
    return bool(settings.CHIFT_CLIENT_ID and settings.CHIFT_CLIENT_SECRET and settings.CHIFT_ACCOUNT_ID)


class Chift:
    """One consumer of our account for each connection of a firm."""

    def __init__(self, access: Access) -> None:
        self._reference = f"bocage-{access.connection_id}"
        hidden = (settings.CHIFT_CLIENT_ID, settings.CHIFT_CLIENT_SECRET, settings.CHIFT_ACCOUNT_ID)
        self._tokens = self._way(access, hidden, signed=False)
        self._caller = self._way(access, hidden, signed=True)

    def _way(self, access: Access, hidden: tuple[str, ...], *, signed: bool) -> Caller:
        return Caller(
            base_url=settings.CHIFT_URL,
            allowed=_ALLOWED[1:] if signed else _ALLOWED[:1],
            bucket=f"chift:{access.connection_id.hex}",
            rate=_RATE,
            headers=self._bearer if signed else dict,
            secrets=hidden,
            understand=_understand,
            read_seconds=300.0,
        )

    def check(self) -> Checked:
        """Whether somebody has followed the link to its end."""
        if not self._folders():
            raise ConnectorError(Failure.LINK_UNFINISHED)
        return Checked()

    def invite(self) -> str:
        """The link that the firm follows, good for half an hour: shown at once, kept nowhere."""
        consumer = self._consumer() or self._new_consumer()
        asked = Question("POST", f"/consumers/{consumer}/connections", document={}, repeatable=False)
        link = text(mapping(self._ask(asked).document()).get("url"))
        if not link.startswith("https://"):
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
        return link

    def companies(self) -> Iterator[Company]:
        """The folders that were chosen on the way of the link."""
        for row in self._folders():
            if row.get("selected") is not True:
                continue
            siren, siret = numbers(row.get("company_number"))
            siren = siren or numbers(text(row.get("vat"))[4:])[0]
            ref = text(row.get("id"))
            yield Company(ref, text(row.get("name")) or ref, siren, siret, ref, row.get("active") is not False)

    def years(self, company: Company) -> list[Year]:
        """The fiscal years of a folder, page after page."""
        found: list[Year] = []
        for number in range(1, _MAX_PAGES + 1):
            params: dict[str, str | int] = {"folder_id": company.ref, "page": number, "size": 100}
            page = mapping(self._get("bookyears", params).document())
            some = rows(page.get("items"))
            found += [
                Year(text(one.get("name")), day(one.get("start")), day(one.get("end")), one.get("closed") is True)
                for one in some
            ]
            if not some or number * 100 >= whole(page.get("total")):
                return found
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The rows of a year, written as a FEC as they come."""
        name = fec_name(company, wish)
        return iter([Piece(name, self._fec(company, wish), reconstructed=True)])

    def _fec(self, company: Company, wish: Wish) -> Iterator[bytes]:
        params = {"folder_id": company.ref, "date_from": wish.start.isoformat(), "date_to": wish.end.isoformat()}
        path = f"/consumers/{self._known_consumer()}/accounting/export-fec"
        yield from write_fec(_row(one) for one in objects(self._caller.stream(Question("GET", path, params=params))))

    def _folders(self) -> list[Mapping[str, Any]]:
        return rows(self._get("folders", {}).document())

    def _get(self, what: str, params: Mapping[str, str | int]) -> Reply:
        path = f"/consumers/{self._known_consumer()}/accounting/{what}"
        return self._ask(Question("GET", path, params=params))

    def _known_consumer(self) -> str:
        consumer = self._consumer()
        if not consumer:
            raise ConnectorError(Failure.LINK_UNFINISHED)
        return consumer

    def _consumer(self) -> str:
        asked = Question("GET", "/consumers", params={"internal_reference": self._reference})
        found = [one for one in rows(self._ask(asked).document()) if one.get("internal_reference") == self._reference]
        return text(found[0].get("consumerid")) if found else ""

    def _new_consumer(self) -> str:
        asked = Question(
            "POST",
            "/consumers",
            document={"name": self._reference, "internal_reference": self._reference},
            repeatable=False,
        )
        try:
            made = text(mapping(self._ask(asked).document()).get("consumerid"))
        except ConnectorError as error:
            if error.failure is not Failure.UNAVAILABLE:
                raise
            made = self._consumer()  # it may have been created before the silence
        if not made:
            raise ConnectorError(Failure.UNAVAILABLE)
        return made

    def _ask(self, question: Question) -> Reply:
        """The answer; a token that is no longer taken is renewed once, then our account is at fault."""
        try:
            return self._caller.ask(question)
        except ConnectorError as error:
            if error.failure is not Failure.AUTH_REJECTED:
                raise
        SHELF.forget(_PLATFORM)
        try:
            return self._caller.ask(question)
        except ConnectorError as error:
            raise _ours(error) from None

    def _bearer(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {SHELF.get(_PLATFORM, self._token)}"}

    def _token(self) -> Token:
        asked = Question(
            "POST",
            "/token",
            document={
                "clientId": settings.CHIFT_CLIENT_ID,
                "clientSecret": settings.CHIFT_CLIENT_SECRET,
                "accountId": settings.CHIFT_ACCOUNT_ID,
            },
        )
        try:
            found = mapping(self._tokens.ask(asked).document())
        except ConnectorError as error:
            raise _ours(error) from None
        value = text(found.get("access_token"))
        if not value:
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
        return Token(value, float(whole(found.get("expires_in"), 1800)))


def _ours(error: ConnectorError) -> ConnectorError:
    return ConnectorError(Failure.OUR_CONFIGURATION) if error.failure is Failure.AUTH_REJECTED else error


def _understand(reply: Reply) -> ConnectorError | None:
    if reply.status in {400, 422}:
        return ConnectorError(Failure.MISSING_RIGHT, "ce logiciel ne permet pas l’export FEC par Chift")
    if reply.status == 404:
        return ConnectorError(Failure.LINK_UNFINISHED)
    if reply.status == 504:
        return ConnectorError(Failure.AGENT_SILENT)
    return None


def objects(chunks: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """The objects of one large JSON array, each as soon as it is there; numbers are exact.

    Raises ConnectorError for anything else, and for an array that does not end.
    """
    decoder, buffer, begun = json.JSONDecoder(parse_float=Decimal), "", False
    for text_ in _characters(chunks):
        buffer += text_
        while True:
            buffer = buffer.lstrip(" \r\n\t," if begun else " \r\n\t")
            if not begun and buffer:
                if buffer[0] != "[":
                    raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
                begun, buffer = True, buffer[1:]
                continue
            if buffer.startswith("]"):
                return
            try:
                found, end = decoder.raw_decode(buffer)
            except ValueError:
                if len(buffer) > _LONGEST_OBJECT:
                    raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None
                break
            yield mapping(found)
            buffer = buffer[end:]
    raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)


_LONGEST_OBJECT: Final = 1024 * 1024


def _characters(chunks: Iterable[bytes]) -> Iterator[str]:
    """UTF-8, cut anywhere."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk)
    except UnicodeDecodeError:
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None


def _row(one: Mapping[str, Any]) -> Row:
    return Row(
        journal=text(one.get("JournalCode")),
        journal_name=text(one.get("JournalLib")),
        number=text(one.get("EcritureNum")),
        day=day(one.get("EcritureDate")),
        account=text(one.get("CompteNum")),
        account_name=text(one.get("CompteLib")),
        third=text(one.get("CompAuxNum")),
        third_name=text(one.get("CompAuxLib")),
        piece=text(one.get("PieceRef")),
        piece_day=_maybe(one.get("PieceDate")),
        label=text(one.get("EcritureLib")),
        debit=_amount(one.get("Debit")),
        credit=_amount(one.get("Credit")),
        lettering=text(one.get("EcritureLet")),
        lettered_on=_maybe(one.get("DateLet")),
        valid_on=_maybe(one.get("ValidDate")),
        currency_amount=_amount(one.get("Montantdevise")) or None,
        currency=text(one.get("Idevise")),
    )


def _maybe(value: Any) -> date | None:
    return day(value) if text(value) else None


def _amount(value: Any) -> Decimal:
    if value in (None, ""):
        return Decimal(0)
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None
    if not found.is_finite():
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return found
