"""The tools that Bocage can connect: one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cabinet.connectors.core.port import Access, AccessField, Connector, Gives
from cabinet.connectors.tools import pennylane


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it gives, what a firm types, how to get it, and how to build its connector.

    ``caution``: what the firm must know of the key. ``is_open``: whether this installation has what the vendor wants of
    it; ``lacking`` says what, for who runs it.
    """

    slug: str
    name: str
    gives: Gives
    fields: tuple[AccessField, ...]
    help: tuple[str, ...]
    build: Callable[[Access], Connector]
    caution: str = ""
    is_open: Callable[[], bool] = lambda: True
    lacking: str = ""

    @property
    def by_month(self) -> bool:
        """Whether months are asked for, rather than fiscal years."""
        return self.gives is Gives.DSN


TOOLS: Final[tuple[Tool, ...]] = (
    Tool(
        slug="pennylane",
        name="Pennylane",
        gives=Gives.FEC,
        fields=pennylane.FIELDS,
        help=pennylane.HELP,
        build=pennylane.Pennylane,
    ),
)
BY_SLUG: Final[Mapping[str, Tool]] = {tool.slug: tool for tool in TOOLS}
