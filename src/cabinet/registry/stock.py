"""The local stock as a source: the folder of the settings, one version kept open by each process."""

from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Unavailable, UnavailableReason
from bocage.registry.stock import Shelf
from cabinet.registry.enums import Source


@cache
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def shelf() -> Shelf:
    """The versions of the stock on this machine."""
    return _shelf(Path(settings.REGISTRY_STOCK_DIR))


def stock_date() -> datetime | None:
    """The day that the stock describes, None when none is loaded."""
    stock = shelf().current()
    return None if stock is None else timezone.make_aware(datetime.combine(stock.made_on, time()))


class StockRegistry:
    """Answers from the files of this machine; unavailable while none is loaded."""

    name: Final[str] = Source.STOCK

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """What the stock holds of the number."""
        stock = shelf().current()
        return Unavailable(UnavailableReason.NO_SOURCE) if stock is None else stock.find(number)
