"""OpenPaye: the monthly DSN of each establishment, as text. Its key can do everything: only what reads is called."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.http import Caller, Question
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year
from cabinet.connectors.core.reading import mapping, numbers, rows, text, whole
from cabinet.registry.guard import Rate

FIELDS: Final = (
    AccessField("identifier", "Identifiant de l’accès API"),
    AccessField("key", "Clé de l’accès API"),
)
HELP: Final = (
    "Dans OpenPaye, avec un compte administrateur\u00a0: liste des dossiers de paie › Paramètres › Accès API.",
    "Copiez l’identifiant et la clé.",
)
CAUTION: Final = "La clé OpenPaye donne tous les droits\u00a0; Bocage n’utilise que la lecture."

_ALLOWED: Final = (("GET", r"/dossiers"), ("GET", r"/etablissements"), ("GET", r"/DSNs"))
_RATE: Final = Rate(per_second=1, burst=2)
_MAX_PAGES: Final = 500
_NOT_ABSENT: Final = frozenset({401, 403, 429})


class _Absent(ConnectorError):
    """There is no DSN for that establishment and month."""


class OpenPaye:
    """The payroll files of a firm."""

    def __init__(self, access: Access) -> None:
        identifier, key = access.secrets["identifier"], access.secrets["key"]
        both = b64encode(f"{identifier}:{key}".encode()).decode()
        self._caller = Caller(
            base_url=settings.OPENPAYE_URL,
            allowed=_ALLOWED,
            bucket=f"openpaye:{access.connection_id.hex}",
            rate=_RATE,
            headers=lambda: {"Authorization": f"Basic {both}"},
            secrets=(identifier, key, both),
            understand=lambda reply: ConnectorError(Failure.AUTH_REJECTED) if reply.status == 403 else None,
            read_seconds=30.0,
        )
        self._absent = self._caller.with_understanding(
            lambda reply: (
                _Absent(Failure.COMPANY_NOT_VISIBLE)
                if 400 <= reply.status < 500 and reply.status not in _NOT_ABSENT
                else ConnectorError(Failure.AUTH_REJECTED)
                if reply.status == 403
                else None
            )
        )

    def check(self) -> Checked:
        """The first page of the files."""
        count = whole(self._page("/dossiers", 0, {}).get("total_count"), -1)
        return Checked(who=f"{count} dossiers de paie" if count > 1 else "", warnings=("can_write",))

    def companies(self) -> Iterator[Company]:
        """Every file. One without a code is listed: what it lacks is said when its DSN are asked for."""
        for row in self._pages("/dossiers", "dossiers", {}):
            siren, siret = numbers(row.get("siret"))
            ref = text(row.get("id"))
            if not ref:
                raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
            yield Company(ref, text(row.get("nom_dossier")) or f"Dossier {ref}", siren, siret, text(row.get("code")))

    def years(self, company: Company) -> list[Year]:
        """None: OpenPaye works by months."""
        return []

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The DSN of each establishment for a month: establishments by the file's number, DSN by its code."""
        if not company.code:
            raise ConnectorError(Failure.NO_CODE)
        return self._pieces(company, wish)

    def _pieces(self, company: Company, wish: Wish) -> Iterator[Piece]:
        for row in self._pages("/etablissements", "etablissements", {"dossierId": company.ref}):
            place = text(row.get("code"))
            asked = Question(
                "GET",
                "/DSNs",
                params={
                    "codeDossier": company.code,
                    "codeEtablissement": place,
                    "annee": wish.start.year,
                    "mois": wish.start.month,
                    "format": "txt",
                },
                headers={"Accept": "text/plain"},
            )
            try:
                content = self._absent.ask(asked).body
            except _Absent:
                continue
            if not content.removeprefix(b"\xef\xbb\xbf").startswith(b"S10."):
                raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
            yield Piece(f"{company.siren or company.ref}_{place}_DSN_{wish.start:%Y%m}.dsn", [content])

    def _pages(self, path: str, name: str, params: Mapping[str, str | int]) -> Iterator[Mapping[str, Any]]:
        """Every row: pages begin at 0, and their count is checked at the end."""
        total, seen = 0, 0
        for number in range(_MAX_PAGES):
            page = self._page(path, number, params)
            found = rows(page.get(name))
            total, seen = whole(page.get("total_count"), seen + len(found)), seen + len(found)
            yield from found
            if not found or number + 1 >= whole(page.get("total_pages"), 1):
                break
        if seen != total:
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)

    def _page(self, path: str, number: int, params: Mapping[str, str | int]) -> Mapping[str, Any]:
        return mapping(self._caller.ask(Question("GET", path, params={**params, "page": number})).document())
