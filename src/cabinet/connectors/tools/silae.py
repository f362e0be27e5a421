"""Silae, REST API: the monthly DSN that were sent, by the blocks that the indicators read."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.frames import framed_dsn
from cabinet.connectors.core.http import Caller, Question, Reply
from cabinet.connectors.core.port import Access, AccessField, Checked, Company, Pending, Piece, Wish, Year
from cabinet.connectors.core.reading import mapping, numbers, rows, text, whole
from cabinet.connectors.core.tokens import SHELF, Token
from cabinet.registry.guard import Rate

FIELDS: Final = (
    AccessField("client_id", "Identifiant client"),
    AccessField("client_secret", "Secret", help="Valable un an."),
    AccessField("subscription_key", "Clé de configuration"),
    AccessField("expires_on", "Date d’expiration du secret", secret=False, required=False, kind="date"),
)
HELP: Final = (
    "Demandez l’option API REST à Silae (comptez deux semaines), puis activez votre compte sur api-portal.silae.fr.",
    "Dans Silae\u00a0: Paramétrage paie › API › Configuration API › nouvelle configuration, avec un utilisateur limité "
    "à la consultation des déclarations.",
    "Recopiez ici l’identifiant client, le secret et la clé de configuration.",
)

_FILES: Final = "/v1/InfosTechniquesDossiers/ListeDossiers"
_LIST: Final = "/v1/InfosDeclaration/ListeDSNMensuelles"
_CONTENT: Final = "/v1/InfosDeclaration/AcquisitionContenuPartielDSN"
_ALLOWED: Final = (("POST", _FILES), ("POST", _LIST), ("POST", _CONTENT))
_RATE: Final = Rate(per_second=2, burst=2)
BLOCKS: Final = (
    "S20.G00.05",
    "S21.G00.06",
    "S21.G00.11",
    "S21.G00.30",
    "S21.G00.40",
    "S21.G00.50",
    "S21.G00.51",
    "S21.G00.53",
    "S21.G00.60",
    "S21.G00.62",
    "S21.G00.65",
)
"""Sent with each demand: without them, more than what the figures need could come."""
_EXPIRY_HEADERS: Final = ("x-primarykeyexpirationwarning", "x-secondarykeyexpirationwarning")


class Silae:
    """The payroll files of a configuration."""

    def __init__(self, access: Access) -> None:
        self._secrets = access.secrets
        self._shelf_key = access.connection_id.hex
        hidden = tuple(access.secrets.values())
        self._tokens = Caller(
            base_url=settings.SILAE_TOKEN_URL,
            allowed=(("POST", ""),),
            bucket=f"silae-jeton:{access.connection_id.hex}",
            rate=Rate(per_second=0.5, burst=2),
            secrets=hidden,
            understand=_understand_token,
        )
        self._caller = Caller(
            base_url=settings.SILAE_URL,
            allowed=_ALLOWED,
            bucket=f"silae:{access.connection_id.hex}",
            rate=_RATE,
            headers=lambda: {
                "Authorization": f"Bearer {SHELF.get(self._shelf_key, self._token)}",
                "Ocp-Apim-Subscription-Key": access.secrets["subscription_key"],
            },
            secrets=hidden,
            understand=_understand,
        )

    def check(self) -> Checked:
        """The files of the configuration, and when its secret dies if Silae announces it."""
        reply = self._reply(_FILES, {"typeDossiers": 0}, "")
        count = len(rows(mapping(reply.document()).get("listeDossiers")))
        return Checked(who=f"{count} dossiers de paie" if count > 1 else "", expires_on=_expiry(reply))

    def companies(self) -> Iterator[Company]:
        """Every file of the configuration."""
        for row in rows(self._ask(_FILES, {"typeDossiers": 0}, "").get("listeDossiers")):
            siren, siret = numbers(row.get("siret"))
            ref = text(row.get("numero"))
            if not ref:
                raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
            name = text(row.get("raisonSociale")) or f"Dossier {ref}"
            yield Company(ref, name, siren, siret, text(row.get("numeroInterne")))

    def years(self, company: Company) -> list[Year]:
        """None: Silae works by months."""
        return []

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The DSN of a month that were sent, one by establishment and fraction."""
        return self._pieces(company, wish)

    def _pieces(self, company: Company, wish: Wish) -> Iterator[Piece]:
        month = wish.start.isoformat()
        asked = {"periode": month, "numeroDossier": company.ref}
        for row in rows(self._ask(_LIST, asked, company.ref).get("listeDSNMensuelles")):
            sent = text(row.get("dateEnvoiDSN"))
            if not sent or sent.startswith("0001"):
                continue
            fraction = f"{whole(row.get('fraction'), 11):02d}"
            siret = numbers(row.get("siret"))[1]
            content = self._content(company, row, month)
            name = f"{siret or company.siret or company.ref}_DSN_{wish.start:%Y%m}_01_{fraction}.dsn"
            yield Piece(name, [framed_dsn(content, sent_on=_sent_on(sent))], reconstructed=True)

    def _content(self, company: Company, row: Mapping[str, Any], month: str) -> bytes:
        asked = {
            "nomInterneEtablissement": text(row.get("etablissement")),
            "codeOrganisme": text(row.get("codeOrganisme")),
            "numeroAffiliation": text(row.get("numeroAffiliation")),
            "typeDSN": whole(row.get("typeDSN"), 1),
            "fraction": whole(row.get("fraction"), 11),
            "periode": month,
            "numeroDossier": company.ref,
            "segments": list(BLOCKS),
        }
        try:
            return b64decode(text(self._ask(_CONTENT, asked, company.ref).get("contenuPartiel")), validate=True)
        except (binascii.Error, ValueError):
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None

    def _ask(self, path: str, document: Mapping[str, Any], file: str) -> Mapping[str, Any]:
        return mapping(self._reply(path, document, file).document())

    def _reply(self, path: str, document: Mapping[str, Any], file: str) -> Reply:
        """The answer; a token that is no longer taken is renewed once."""
        asked = Question("POST", path, document=dict(document), headers={"dossiers": file})
        try:
            return self._caller.ask(asked)
        except ConnectorError as error:
            if error.failure is not Failure.AUTH_REJECTED or error.detail:
                raise
        SHELF.forget(self._shelf_key)
        return self._caller.ask(asked)

    def _token(self) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._secrets["client_id"],
            "client_secret": self._secrets["client_secret"],
            "scope": settings.SILAE_SCOPE,
        }
        found = mapping(self._tokens.ask(Question("POST", "", form=form)).document())
        value = text(found.get("access_token"))
        if not value:
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
        return Token(value, float(whole(found.get("expires_in"), 3600)))


def _understand(reply: Reply) -> ConnectorError | None:
    """``recoverable`` first, whatever the status: to insist would keep the configuration frozen."""
    document = reply.document_or_none()
    if isinstance(document, Mapping) and document.get("recoverable") is False:
        return ConnectorError(Failure.CONFIG_BLOCKED)
    return None


def _understand_token(reply: Reply) -> ConnectorError | None:
    document = reply.document_or_none()
    if isinstance(document, Mapping) and document.get("recoverable") is False:
        return ConnectorError(Failure.CONFIG_BLOCKED)
    if reply.status in {400, 401, 403}:
        # Told apart from a token that has aged: it is not tried again.
        return ConnectorError(Failure.AUTH_REJECTED, "secret refusé ou expiré (il dure un an)")
    return None


def _sent_on(text_: str) -> date | None:
    try:
        return date.fromisoformat(text_[:10])
    except ValueError:
        return None


def _expiry(reply: Reply) -> date | None:
    """The day that the headers announce, when one of them holds a date."""
    found = [_sent_on(reply.headers.get(name, "").strip()) for name in _EXPIRY_HEADERS]
    return min((one for one in found if one is not None), default=None)
