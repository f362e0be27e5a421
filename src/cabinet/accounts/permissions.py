"""The declared catalogue of permissions. A code that is not here fails when the process starts.

``shown`` is False while the feature does not exist: the group screen does not offer what nobody can use.
"""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Where a permission acts."""

    FIRM = "firm"
    CLIENT = "client"


class Role(StrEnum):
    """The three groups that every firm has and cannot delete."""

    ADMINISTRATOR = "administrator"
    EXPERT = "expert"
    COLLABORATOR = "collaborator"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Permission:
    """One right: its code, where it acts, its French name, and which default groups hold it besides administrators."""

    code: str
    level: Level
    label: str
    expert: bool
    collaborator: bool
    shown: bool = True


PERMISSIONS: tuple[Permission, ...] = (
    Permission("clients.view_all", Level.FIRM, "Voir tous les clients du cabinet", expert=True, collaborator=False),
    Permission("clients.create", Level.FIRM, "Créer un client", expert=True, collaborator=True),
    Permission("clients.edit", Level.FIRM, "Modifier un client", expert=True, collaborator=True),
    Permission("clients.deactivate", Level.FIRM, "Désactiver et réactiver un client", expert=False, collaborator=False),
    Permission("clients.delete", Level.FIRM, "Supprimer un client", expert=False, collaborator=False),
    Permission("clients.bulk_import", Level.FIRM, "Importer une liste de clients", expert=False, collaborator=False),
    Permission("portfolios.create", Level.FIRM, "Créer un portefeuille", expert=False, collaborator=False),
    Permission("portfolios.manage_all", Level.FIRM, "Gérer tous les portefeuilles", expert=False, collaborator=False),
    Permission("collaborators.manage", Level.FIRM, "Gérer les collaborateurs", expert=False, collaborator=False),
    Permission("groups.manage", Level.FIRM, "Gérer les groupes", expert=False, collaborator=False),
    Permission("connections.manage", Level.FIRM, "Gérer les connexions API", expert=False, collaborator=False),
    Permission("firm.settings", Level.FIRM, "Régler les paramètres du cabinet", expert=False, collaborator=False),
    Permission("journal.view", Level.FIRM, "Lire le journal du cabinet", expert=False, collaborator=False),
    Permission("dossier.view", Level.CLIENT, "Ouvrir un dossier", expert=True, collaborator=True),
    Permission("data.import", Level.CLIENT, "Déposer des fichiers", expert=True, collaborator=True),
    Permission("indicators.edit", Level.CLIENT, "Compléter les indicateurs", expert=True, collaborator=True),
    Permission("missions.manage", Level.CLIENT, "Gérer les missions", expert=True, collaborator=True),
    Permission("data.delete", Level.CLIENT, "Supprimer des données", expert=True, collaborator=False),
    Permission("reports.publish", Level.CLIENT, "Publier un rapport", expert=True, collaborator=False, shown=False),
    Permission(
        "diagnostics.manage", Level.CLIENT, "Gérer les questionnaires", expert=True, collaborator=False, shown=False
    ),
    Permission(
        "client_users.manage", Level.CLIENT, "Gérer les accès du client", expert=True, collaborator=False, shown=False
    ),
)

CODES: frozenset[str] = frozenset(permission.code for permission in PERMISSIONS)

DEFAULT_GROUPS: dict[Role, tuple[str, frozenset[str]]] = {
    Role.ADMINISTRATOR: ("Administrateur", CODES),
    Role.EXPERT: ("Expert-comptable", frozenset(p.code for p in PERMISSIONS if p.expert)),
    Role.COLLABORATOR: ("Collaborateur", frozenset(p.code for p in PERMISSIONS if p.collaborator)),
}


def known(code: str) -> str:
    """The code itself, or KeyError: a typing error never opens a door."""
    if code not in CODES:
        raise KeyError(f"unknown permission: {code}")
    return code
