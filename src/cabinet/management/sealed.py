"""All that is sealed under the ring, room by room."""

from collections.abc import Sequence
from typing import Any

from cabinet.accounts.sealed import SecondFactors
from cabinet.clients.sealed import Pseudonyms as OfClients
from cabinet.connectors.sealed import Pseudonyms as OfPulls
from cabinet.connectors.sealed import Secrets
from cabinet.dossiers.sealed import Proofs
from cabinet.imports.sealed import Originals, Pieces
from cabinet.imports.sealed import Pseudonyms as OfImports
from cabinet.keys.rotation import Sealed
from cabinet.onboarding.sealed import Drafts, SheetRows
from cabinet.onboarding.sealed import Pseudonyms as OfDrafts

SEALED: Sequence[Sealed[Any]] = (
    SecondFactors(),
    Secrets(),
    Drafts(),
    SheetRows(),
    OfDrafts(),
    OfPulls(),
    OfClients(),
    OfImports(),
    Proofs(),
    Pieces(),
    Originals(),
)
"""Drafts before clients before imports: what one hands to the next while the rotation runs is then found there."""
