"""SIRENE: the types of a company and its establishments, and the pure parsing of what the registries answer.

Nothing here calls the network: an adapter elsewhere fetches an answer, a function of this room reads it.
"""

from bocage.registry.address import Address
from bocage.registry.company import Company, Establishment, State
from bocage.registry.port import Answer, Duplicate, NotFound, Registry, Unavailable, UnavailableReason

__all__ = [
    "Address",
    "Answer",
    "Company",
    "Duplicate",
    "Establishment",
    "NotFound",
    "Registry",
    "State",
    "Unavailable",
    "UnavailableReason",
]
