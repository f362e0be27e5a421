"""How a connection is, in a word and a sentence."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from bocage.wording import sentence
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.models import Connection
from cabinet.web.components.formats import ago, clock, day

SOON = timedelta(days=30)
VERY_SOON = timedelta(days=7)
WARNINGS = {
    "can_write": "La clé permet plus que la lecture. Bocage n’en use pas, mais une clé limitée à la lecture suffit.",
    "no_wizard": "Odoo n’a pas l’export FEC français\u00a0: le FEC est reconstitué des écritures, non opposable.",
    "fec_route_missing": "La clé n’annonce pas le droit d’exporter le FEC\u00a0: un premier import le dira.",
}


@dataclass(frozen=True, slots=True)
class Health:
    """A label (word, tone, icon), and what to say and to do when there is something."""

    word: str
    tone: str
    icon: str
    fact: str = ""
    remedy: str = ""
    message: str = "plain"


def health_of(connection: Connection, *, busy: bool) -> Health:
    """What the list and the page say of a connection."""
    if busy:
        return Health(
            "Test en cours", "run", "spinner", "Bocage appelle l’outil et lit la liste de ses dossiers.", "", "run"
        )
    if not connection.enabled:
        return Health(
            "Désactivée", "quiet", "archive", "Cette connexion est désactivée.", "Réactivez-la pour importer."
        )
    if connection.blocked or (connection.error and connection.tested_at is None):
        words = _words(connection)
        return Health("À corriger", "err", "x", words[0], words[1], "err")
    if connection.tested_at is None:
        return Health(
            "À tester", "quiet", "clock", "Cette connexion n’a pas été testée.", "Testez-la avant d’importer."
        )
    if connection.open_until is not None and connection.open_until > timezone.now():
        until = f"Prochain essai à {clock(connection.open_until)}."
        return Health("Ne répond pas", "warn", "alert-triangle", _words(connection)[0], until, "warn")
    return _expiring(connection) or _troubled(connection)


def _troubled(connection: Connection) -> Health:
    if not connection.error or connection.error_at is None:
        return Health("Connectée", "ok", "check")
    fact, remedy = _words(connection)
    return Health(
        "Connectée", "ok", "check", f"Dernier incident, {ago(connection.error_at)}\u00a0: {fact}", remedy, "warn"
    )


def _expiring(connection: Connection) -> Health | None:
    end = connection.expires_on
    if end is None:
        return None
    left = end - timezone.localdate()
    tool = BY_SLUG[connection.tool].name
    if left < timedelta(0):
        fact = f"D’après sa date, la clé de {tool} a expiré le {day(end)}."
        return Health("Clé expirée", "err", "x", fact, "Créez-en une nouvelle, puis remplacez-la ici.", "err")
    if left <= SOON:
        tone = "err" if left <= VERY_SOON else "warn"
        fact = f"La clé de {tool} expire le {day(end)}."
        return Health("Expire bientôt", "warn", "clock", fact, "Remplacez-la avant cette date.", tone)
    return None


def _words(connection: Connection) -> tuple[str, str]:
    return failure_words(connection.error, connection.tool, connection.error_detail)


def failure_words(code: str, tool: str, detail: str) -> tuple[str, str]:
    """What happened, and what to do. ``tool`` is the slug."""
    said = sentence("connections", code, tool=BY_SLUG[tool].name, detail=detail or "non précisé")
    return said.message, said.remedy
