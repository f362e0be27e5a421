from django.db import models


class ImportKind(models.TextChoices):
    """What the content is; ``OTHER`` is anything that Bocage cannot use, and the report says what it is."""

    FEC = "fec", "FEC"
    DSN = "dsn", "DSN"
    ARCHIVE = "archive", "Archive"
    OTHER = "other", "Autre"


class ImportState(models.TextChoices):
    RECEIVED = "received", "Reçu"
    READING = "reading", "En lecture"
    TO_CHECK = "to_check", "À vérifier"
    ACCEPTED = "accepted", "Accepté"
    REFUSED = "refused", "Refusé"
    REPLACED = "replaced", "Remplacé"
    DELETED = "deleted", "Supprimé"


LIVE_STATES = (ImportState.RECEIVED, ImportState.READING, ImportState.TO_CHECK, ImportState.ACCEPTED)

TRANSITIONS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.RECEIVED: frozenset({ImportState.READING, ImportState.DELETED}),
    ImportState.READING: frozenset(
        {ImportState.RECEIVED, ImportState.TO_CHECK, ImportState.ACCEPTED, ImportState.REFUSED, ImportState.DELETED}
    ),
    ImportState.TO_CHECK: frozenset(
        {ImportState.READING, ImportState.ACCEPTED, ImportState.REFUSED, ImportState.DELETED}
    ),
    ImportState.ACCEPTED: frozenset({ImportState.REPLACED, ImportState.DELETED}),
    # A draft's file is judged again when the draft's company changes.
    ImportState.REFUSED: frozenset({ImportState.TO_CHECK, ImportState.DELETED}),
    ImportState.REPLACED: frozenset({ImportState.ACCEPTED, ImportState.DELETED}),
    ImportState.DELETED: frozenset(),
}
"""From each state, those that may follow. Nothing else changes an import's state."""


class Origin(models.TextChoices):
    """By which door a file came."""

    WEB = "web", "Dépôt"
    COMMAND = "command", "Commande"
    CONNECTION = "connection", "Connexion"


class Doubt(models.TextChoices):
    """Why an import waits for a person's word."""

    COMPANY_UNNAMED = "company_unnamed", "Le nom du fichier ne porte pas de SIREN valide"
    PART_MISSING = "part_missing", "Il manque une partie du FEC"
    SEVERAL_YEARS = "several_years", "Le fichier réunit plusieurs exercices"
    REPLACES = "replaces", "Un fichier est déjà accepté pour cette période"
    YEAR_OVERLAPS = "year_overlaps", "La période chevauche un autre exercice du dossier"
    OTHER_PERIOD = "other_period", "Des écritures sont hors de la période demandée à l’outil"


class Refusal(models.TextChoices):
    """Why an import was refused by Bocage itself; what the file says is in its report."""

    UNREADABLE = "unreadable", "Ce fichier ne peut pas être exploité."
    UNKNOWN_KIND = "unknown_kind", "Ce fichier n’est ni un FEC ni une DSN."
    OTHER_COMPANY = "other_company", "Ce fichier est celui d’une autre entreprise."
    SAME_FILE = "same_file", "Ce fichier a déjà été déposé."
    TOO_LARGE = "too_large", "Ce fichier dépasse la taille permise."
    ARCHIVE_EMPTY = "archive_empty", "Cette archive ne contient ni FEC ni DSN."
    ARCHIVE_UNSAFE = "archive_unsafe", "Cette archive est protégée, imbriquée ou trop volumineuse."
    WORKER_FAILED = "worker_failed", "La lecture s’est arrêtée trois fois. Le fichier est intact."
    BY_PERSON = "by_person", "Refusé par vous."
