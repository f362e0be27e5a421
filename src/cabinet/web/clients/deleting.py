"""*Supprimer*: what goes, what stays."""

from dataclasses import dataclass

from cabinet.clients.models import Client
from cabinet.dossiers.selectors import missions_of
from cabinet.imports.access import imports_of
from cabinet.web.components.formats import plural

STAYS = "une ligne du journal, sans donnée personnelle."
WRONG_NAME = "Ce nom n’est pas celui du client. Recopiez-le tel qu’il est écrit au-dessous du champ."


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the page shows."""

    client: Client
    goes: str
    stays: str = STAYS
    error: str = ""


def build_deletion(client: Client, error: str = "") -> Deletion:
    """The page of one client's deletion."""
    files, years = imports_of(client).count(), client.years.count()
    missions = missions_of(client.dossier).count()
    parts = (plural(files, "fichier"), plural(years, "exercice"), "tous les chiffres", plural(missions, "mission"))
    return Deletion(client, f"{', '.join(parts)}. C’est définitif.", error=error)
