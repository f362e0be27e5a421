"""MyUnisoft, API of its partners: the FEC, at once, as text. Importing a FEC is one path segment away: never called."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.http import Caller, Question, Reply
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year, fec_name
from cabinet.connectors.core.reading import day, mapping, numbers, rows, text, whole
from cabinet.registry.guard import Rate

FIELDS: Final = (AccessField("key", "Clé d’API du connecteur Bocage"),)
HELP: Final = (
    "Dans MyUnisoft\u00a0: Paramètres › Connecteurs cabinet › ajouter le connecteur Bocage (ou Connecteurs dossier, "
    "pour un seul dossier).",
    "Copiez la clé d’API. Elle n’expire pas\u00a0; vous pouvez la révoquer à tout moment au même endroit.",
)
CAUTION: Final = (
    "La clé d’un cabinet permet aussi d’écrire dans MyUnisoft. Bocage n’appelle que quatre adresses\u00a0: la clé, les "
    "dossiers, leurs exercices et l’export du FEC."
)
LACKING: Final = "L’exploitant de Bocage doit d’abord obtenir l’accord de MyUnisoft."

_ALLOWED: Final = (
    ("GET", r"/key/info"),
    ("GET", r"/society"),
    ("GET", r"/society/exercice"),
    ("POST", r"/export/fec"),
)
_RATE: Final = Rate(per_second=1, burst=2)
_READ_SECONDS: Final = 300.0
_DEFAULT_WAIT: Final = 10.0

_REFUSED: Final[Mapping[str, tuple[Failure, str]]] = {
    **dict.fromkeys(
        (
            "ERR-API-TOKEN-NOT-FOUND",
            "ERR-FIRM-TOKEN-NOT-FOUND",
            "ERR-INVALID-JWT",
            "ERR-INVALID-API-JWT",
            "ERR-INVALID-FIRM-JWT",
            "TOKEN1",
            "TOKEN2",
            "ERR-FOLDER-NOT-FOUND",
        ),
        (Failure.AUTH_REJECTED, ""),
    ),
    **dict.fromkeys(
        (
            "ERR-INVALID-SECRET",
            "ERR-SECRET-NOT-CONFIGURED",
            "ERR-SECRET-HEADER-NOT-SET",
            "ERR-INVALID-AUTH-HEADER",
            "ERR-THIRD-PARTY-DISCONNECTED",
        ),
        (Failure.OUR_CONFIGURATION, ""),
    ),
    **dict.fromkeys(
        ("ERR-FORBIDDEN-ROUTE", "ERR-FORBIDDEN-ACCESS", "ERR-MISSING-RULE", "DROIT12"),
        (Failure.MISSING_RIGHT, "Exporter le FEC"),
    ),
    **dict.fromkeys(("SOCIETE12", "SOCIETE13"), (Failure.LEDGER_NOT_EXPORTABLE, "dossier inactif")),
    **dict.fromkeys(
        ("FEC1", "EXPORT1", "EXERCICE2"),
        (Failure.PERIOD_REFUSED, "la période est à cheval sur deux exercices"),
    ),
    **dict.fromkeys(("EXERCICE1", "EXERCICE10", "EXERCICE13"), (Failure.PERIOD_REFUSED, "exercice inconnu")),
    "FEC7": (Failure.LEDGER_NOT_EXPORTABLE, "l’export n’est pas équilibré"),
    **{
        f"FEC{number}": (Failure.LEDGER_NOT_EXPORTABLE, f"code FEC{number}")
        for number in (2, 3, 4, 5, 6, 8, 9, 10, 11, 12)
    },
    **dict.fromkeys(("ERR-API-UNDER-MAINTENANCE", "ERR-INTERNAL"), (Failure.UNAVAILABLE, "")),
}
_HURRIED: Final = frozenset(
    {"ERR-TOO-MANY-REQUEST", "ERR-TOO-MANY-CONCURRENT-REQUEST", "ERR-TOO-MANY-CONCURRENT-REQUESTS"}
)


def is_open() -> bool:
    """Whether this installation is a partner of MyUnisoft."""
    return bool(settings.MYUNISOFT_THIRD_PARTY_SECRET)


class MyUnisoft:
    """The files of a firm's key, or the one file of a file's key."""

    def __init__(self, access: Access) -> None:
        key, ours = access.secrets["key"], settings.MYUNISOFT_THIRD_PARTY_SECRET
        self._whole_firm: bool | None = None
        self._caller = Caller(
            base_url=settings.MYUNISOFT_URL,
            allowed=_ALLOWED,
            bucket=f"myunisoft:{access.connection_id.hex}",
            rate=_RATE,
            headers=lambda: {"X-Third-Party-Secret": ours, "Authorization": f"Bearer {key}"},
            secrets=(key, ours),
            understand=_understand,
            read_seconds=_READ_SECONDS,
        )

    def check(self) -> Checked:
        """What the key opens; its first use makes it active."""
        known = self._key()
        routes = {
            (text(one.get("method")).lower(), text(one.get("path")).removeprefix("/api/v1"))
            for one in rows(known.get("routes"))
        }
        missing = ("post", "/export/fec") not in routes
        who = "clé du cabinet" if self._is_whole_firm(known) else "clé d’un seul dossier"
        return Checked(who=who, warnings=("fec_route_missing",) if missing else ())

    def companies(self) -> Iterator[Company]:
        """Every file of the key. A list that was cut is refused: half of it is worse than none."""
        found = mapping(self._caller.ask(Question("GET", "/society")).document())
        if "society_array" not in found:
            yield _company(found)
            return
        listed = rows(found["society_array"])
        if len(listed) < whole(found.get("row_numbers"), len(listed)):
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
        yield from map(_company, listed)

    def years(self, company: Company) -> list[Year]:
        """The fiscal years of a file."""
        question = Question("GET", "/society/exercice", headers=self._file(company))
        return [
            Year(text(one.get("exercice_id")), day(one.get("start_date")), day(one.get("end_date")), _closed(one))
            for one in rows(self._caller.ask(question).document())
        ]

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The FEC of a year, by its own number, or by its dates when MyUnisoft knows it no more."""
        name = fec_name(company, wish)
        return iter([Piece(name, self._bytes(company, wish))])

    def _bytes(self, company: Company, wish: Wish) -> Iterator[bytes]:
        by_dates: dict[str, str | int] = {"export_type": 1, "from": wish.start.isoformat(), "to": wish.end.isoformat()}
        if not wish.year_ref:
            yield from self._caller.stream(self._export(company, by_dates))
            return
        try:
            yield from self._caller.stream(self._export(company, {"export_type": 0, "exercice_id": wish.year_ref}))
        except ConnectorError as error:
            if error.detail != "exercice inconnu":
                raise
            yield from self._caller.stream(self._export(company, by_dates))

    def _export(self, company: Company, params: Mapping[str, str | int]) -> Question:
        headers = {**self._file(company), "Content-Type": "application/json", "Accept": "*/*"}
        return Question("POST", "/export/fec", params=params, headers=headers, tries=2)

    def _file(self, company: Company) -> Mapping[str, str]:
        """The header that names the file: with the key of a firm only."""
        if self._whole_firm is None:
            self._is_whole_firm(self._key())
        return {"society-id": company.ref} if self._whole_firm else {}

    def _key(self) -> Mapping[str, Any]:
        asked = Question("GET", "/key/info", params={"mode": "extended"})
        return mapping(self._caller.ask(asked).document())

    def _is_whole_firm(self, known: Mapping[str, Any]) -> bool:
        self._whole_firm = text(mapping(known.get("target")).get("type")) == "firm"
        return self._whole_firm


def _company(row: Mapping[str, Any]) -> Company:
    siren, siret = numbers(row.get("siret"))
    ref = text(row.get("society_id"))
    if not ref.isdigit():
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return Company(ref, text(row.get("name")) or f"Dossier {ref}", siren, siret, text(row.get("folder_reference")))


def _closed(row: Mapping[str, Any]) -> bool:
    return row.get("closed") is True


def _understand(reply: Reply) -> ConnectorError | None:
    document = reply.document_or_none()
    error = document.get("error") if isinstance(document, Mapping) else None
    code = text(error.get("code")) if isinstance(error, Mapping) else ""
    if code in _HURRIED or reply.status == 429:
        return ConnectorError(Failure.RATE_LIMITED, retry_at=timezone.now() + timedelta(seconds=_wait(reply)))
    if code in _REFUSED:
        return ConnectorError(*_REFUSED[code])
    return None


def _wait(reply: Reply) -> float:
    """Seconds until calls are taken again. The header may be milliseconds or seconds since 1970, or a delay."""
    value = whole(reply.headers.get("x-rate-limit-reset"), 0)
    if value > 10**9:
        moment = datetime.fromtimestamp(value / 1000 if value > 10**12 else value, UTC)
        return max((moment - timezone.now()).total_seconds(), 0.0)
    return float(value) if value > 0 else _DEFAULT_WAIT
