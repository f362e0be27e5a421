"""All that the product keeps in the storage, room by room. A file of no place here is an orphan."""

from collections.abc import Sequence

from cabinet.carbon.holdings import CarbonLines
from cabinet.dossiers.holdings import Proofs
from cabinet.imports.holdings import Facts, Incoming, Originals, Pieces
from cabinet.reference_updates.holdings import Releases
from cabinet.storage.checking import Place

PLACES: Sequence[Place] = (Originals(), CarbonLines(), Facts(), Incoming(), Pieces(), Proofs(), Releases())
"""The first that holds a name answers for it: the carbon lines are among the facts."""
