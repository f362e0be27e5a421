"""The local stock: the official SIRENE files in a store of ours, that answers without the internet.

``load_stock`` makes a version from the files, ``Shelf`` keeps the versions and opens the current one, ``Stock``
answers: by SIRET, by SIREN, by name and town. The reasons of its form: ``docs/adr/0004-local-stock.md``.
"""

from bocage.registry.stock.loading import Progress, StockFiles, load_stock
from bocage.registry.stock.names import Candidate
from bocage.registry.stock.shelf import Manifest, Shelf, Status
from bocage.registry.stock.store import Stock

__all__ = ["Candidate", "Manifest", "Progress", "Shelf", "Status", "Stock", "StockFiles", "load_stock"]
