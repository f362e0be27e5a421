"""States and marks of confidence: the sign and the word that go with each code, once for all screens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A sign and a word on a wash. ``tone``: ok, run, warn, err, quiet, missing (dashed) or plain (grey text alone)."""

    word: str
    tone: str
    icon: str


STATES: dict[str, Label] = {
    # What becomes of a file
    "received": Label("Reçu", "quiet", "inbox"),
    "reading": Label("En lecture", "run", "spinner"),
    "to_check": Label("À vérifier", "warn", "alert-triangle"),
    "accepted": Label("Accepté", "ok", "check"),
    "refused": Label("Refusé", "err", "x"),
    "replaced": Label("Remplacé", "quiet", "history"),
    "deleted": Label("Supprimé", "quiet", "trash"),
    "missing": Label("À compléter", "missing", "missing"),
    # Severity of a finding
    "error": Label("Erreur", "err", "x"),
    "warning": Label("Alerte", "warn", "alert-triangle"),
    "info": Label("Information", "quiet", "info-circle"),
    # Clients, portfolios, people
    "active": Label("Actif", "plain", ""),
    "inactive": Label("Désactivé", "quiet", "archive"),
    "draft": Label("Brouillon", "quiet", "pencil"),
    "importing": Label("Import en cours", "run", "spinner"),
    "import_refused": Label("Import refusé", "err", "x"),
    # Missions
    "planned": Label("À démarrer", "quiet", "calendar"),
    "running": Label("En cours", "run", "player-play"),
    "paused": Label("En pause", "quiet", "player-pause"),
    "late": Label("En retard", "warn", "clock"),
    "done": Label("Terminée", "ok", "check"),
    "cancelled": Label("Abandonnée", "quiet", "x"),
}

CONFIDENCE: dict[str, str] = {
    "confirmed": "Confirmé",
    "computed": "Calculé",
    "estimated": "Estimé",
    "partial": "Partiel",
    "missing": "À compléter",
    "hidden": "Masqué",
}
"""What stands behind a figure, strongest first; ``bocage.indicators.Status`` uses the same codes."""


def state_label(code: str, word: str = "") -> Label:
    """The label of a code, under another word when given. Raises KeyError for an unknown code."""
    known = STATES[str(code)]
    return Label(word, known.tone, known.icon) if word else known
