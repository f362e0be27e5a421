"""A folder of the server where any tool, by SFTP, drops its files: nothing is called, it only has to be there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.port import Access, Checked, Company, Pending, Piece, Wish, Year

HELP: Final = (
    "Enregistrez cette connexion\u00a0: le test crée le dossier de votre cabinet sur le serveur et montre son nom.",
    "Demandez à la personne qui exploite Bocage un accès SFTP à ce dossier, et donnez-le à votre outil ou à votre GED.",
    "Déposez-y les FEC, les DSN ou des archives zip. Chaque fichier est rangé dans le dossier du client par son SIREN "
    "ou son SIRET\u00a0; à défaut, mettez-le dans un sous-dossier nommé du SIRET, du SIREN ou du code dossier.",
)
CAUTION: Final = (
    "Un fichier reçu est chiffré dans Bocage puis retiré du dossier. Ce qui n’a pas trouvé son client y reste, dans "
    "«\u00a0a-trier\u00a0», et la page de la connexion le dit."
)
LACKING: Final = "L’exploitant de Bocage doit d’abord ouvrir un dossier de dépôt (BOCAGE_DROP_DIR)."


def is_open() -> bool:
    """Whether this installation has a place for such folders."""
    return bool(settings.DROP_DIR)


def folder_of(firm_id: UUID) -> Path:
    """The folder of a firm: named by its identity, never by what somebody types."""
    return Path(settings.DROP_DIR) / str(firm_id)


class DropFolder:
    """The folder of a firm, behind the interface of the tools."""

    def __init__(self, access: Access) -> None:
        self._folder = folder_of(access.firm_id)

    def check(self) -> Checked:
        """Make the folder if need be, and see that files can be read from it and removed."""
        try:
            self._folder.mkdir(mode=0o770, exist_ok=True)
            reachable = self._folder.is_dir() and not self._folder.is_symlink()
        except OSError:
            raise ConnectorError(Failure.FOLDER_UNREACHABLE) from None
        if not reachable or not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise ConnectorError(Failure.FOLDER_UNREACHABLE)
        return Checked(who=f"dossier {self._folder.name}")

    def companies(self) -> Iterator[Company]:
        """None: each file says whose it is."""
        return iter(())

    def years(self, company: Company) -> list[Year]:
        """None."""
        return []

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """Nothing is asked of a folder: what is there is taken as it comes."""
        return iter(())
