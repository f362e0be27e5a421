"""Pennylane, API of the firm: the FEC, by an export that it prepares."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure, RemoteJobGone
from cabinet.connectors.core.http import Caller, LinkDead, Question, Reply, download, first_words
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year, fec_name
from cabinet.connectors.core.reading import day, mapping, numbers, rows, text, whole
from cabinet.registry.guard import Rate

FIELDS: Final = (
    AccessField("token", "Jeton du cabinet (Firm Token)"),
    AccessField("expires_on", "Date d’expiration du jeton", secret=False, required=False, kind="date"),
)
HELP: Final = (
    "Dans Pennylane\u00a0: Paramètres du cabinet › Jetons d’API (Firm Tokens) › Générer, avec un compte qui voit tous "
    "vos dossiers.",
    "Cochez\u00a0: Dossiers (lecture), Exercices (lecture), Export FEC. Rien d’autre n’est nécessaire.",
    "Copiez le jeton tout de suite\u00a0: il ne sera plus affiché.",
)
RIGHTS: Final = {
    "companies:readonly": "Dossiers (lecture)",
    "fiscal_years:readonly": "Exercices (lecture)",
    "exports:fec": "Export FEC",
}

_ALLOWED: Final = (
    ("GET", r"/companies"),
    ("GET", r"/companies/\d+/fiscal_years"),
    ("POST", r"/companies/\d+/exports/fecs"),
    ("GET", r"/companies/\d+/exports/fecs/\d+"),
)
_RATE: Final = Rate(per_second=5, burst=5)
_POLLS: Final = (3.0, 5.0, 8.0, 13.0, 20.0)
_POLL_LATER: Final = 30.0
_DEADLINE_POLLS: Final = 24
"""About ten minutes: after that the export is asked after every few minutes."""
_POLL_MUCH_LATER: Final = 300.0
_LAST_POLL: Final = 300
_READY, _FAILED = frozenset({"ready", "done"}), frozenset({"error", "failed"})
_MAX_PAGES: Final = 200


class Pennylane:
    """The files that a firm's token sees."""

    def __init__(self, access: Access) -> None:
        token = access.secrets["token"]
        self._caller = Caller(
            base_url=settings.PENNYLANE_URL,
            allowed=_ALLOWED,
            bucket=f"pennylane:{access.connection_id.hex}",
            rate=_RATE,
            headers=lambda: {"Authorization": f"Bearer {token}"},
            secrets=(token,),
            understand=self._understand,
        )

    def check(self) -> Checked:
        """The first company, which takes the right to read companies."""
        page = self._page("/companies", 1, 1)
        count = whole(page.get("total_items"), -1)
        return Checked(who=f"{count} dossiers" if count > 1 else "")

    def companies(self) -> Iterator[Company]:
        """Every company, page after page."""
        for row in self._pages("/companies", 1000):
            siren, siret = numbers(row.get("siren"))
            ref = text(row.get("id"))
            if not ref.isdigit():
                raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
            yield Company(
                ref=ref,
                name=text(row.get("name")) or text(row.get("billing_company_name")) or f"Dossier {ref}",
                siren=siren,
                siret=siret,
                code=text(row.get("client_code")),
            )

    def years(self, company: Company) -> list[Year]:
        """The fiscal years of a company."""
        return [
            Year(
                ref=text(row.get("id")),
                start=day(row.get("start")),
                end=day(row.get("finish")),
                closed=row.get("status") in {"closed", "frozen"},
            )
            for row in self._pages(f"/companies/{company.ref}/fiscal_years", 100)
        ]

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The FEC of a year: asked for, then asked after, then downloaded as soon as it is ready."""
        exports = f"/companies/{company.ref}/exports/fecs"
        if not wish.job_id:
            asked = Question(
                "POST",
                exports,
                document={"period_start": wish.start.isoformat(), "period_end": wish.end.isoformat()},
                tries=2,
            )
            job = text(mapping(self._caller.ask(asked).document()).get("id"))
            if not job.isdigit():
                raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
            return Pending(job, _POLLS[0])
        link = self._link(f"{exports}/{wish.job_id}")
        if link is None:
            if wish.polls >= _LAST_POLL:
                raise ConnectorError(Failure.REMOTE_JOB_FAILED)
            return Pending(wish.job_id, _next_poll(wish.polls))
        return iter([Piece(fec_name(company, wish), self._bytes(link, f"{exports}/{wish.job_id}"))])

    def _link(self, path: str) -> str | None:
        """The link to the file, None while it is prepared. Raises RemoteJobGone for an export that is not known."""
        try:
            found = mapping(self._caller.ask(Question("GET", path)).document())
        except ConnectorError as error:
            if error.failure is Failure.COMPANY_NOT_VISIBLE:
                raise RemoteJobGone from None
            raise
        status, link = text(found.get("status")).lower(), text(found.get("file_url"))
        if status in _FAILED:
            raise ConnectorError(Failure.REMOTE_JOB_FAILED)
        return link if status in _READY and link else None

    def _bytes(self, link: str, path: str) -> Iterator[bytes]:
        """The file behind the link; a link that died is asked for again once."""
        try:
            yield from download(link)
        except LinkDead:
            fresh = self._link(path)
            if fresh is None:
                raise RemoteJobGone from None
            try:
                yield from download(fresh)
            except LinkDead:
                raise RemoteJobGone from None

    def _pages(self, path: str, size: int) -> Iterator[Mapping[str, Any]]:
        number = 1
        while number <= _MAX_PAGES:
            page = self._page(path, number, size)
            yield from rows(page.get("items"))
            if number >= whole(page.get("total_pages"), 1):
                return
            if whole(page.get("current_page"), number) != number:
                break
            number += 1
        # A list that goes round, or has no end: half of it is worse than none.
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)

    def _page(self, path: str, number: int, size: int) -> Mapping[str, Any]:
        return mapping(self._caller.ask(Question("GET", path, params={"page": number, "per_page": size})).document())

    def _understand(self, reply: Reply) -> ConnectorError | None:
        if reply.status == 403:
            said = first_words(reply.document_or_none())
            scope = next((scope for scope in RIGHTS if scope in said), "")
            return ConnectorError(Failure.MISSING_RIGHT, f"{RIGHTS[scope]} ({scope})" if scope else "")
        if reply.status in {400, 422}:
            return ConnectorError(Failure.PERIOD_REFUSED, self._caller.said(reply))
        if reply.status == 409:
            return ConnectorError(Failure.RATE_LIMITED)
        return None


def _next_poll(polls: int) -> float:
    if polls < len(_POLLS):
        return _POLLS[polls]
    return _POLL_LATER if polls < _DEADLINE_POLLS else _POLL_MUCH_LATER
