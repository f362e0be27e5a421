"""The tools that Bocage can connect: one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cabinet.connectors.core.port import Access, AccessField, Connector, Gives
from cabinet.connectors.tools import chift, drop_folder, myunisoft, odoo, openpaye, pennylane, silae


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it gives (None: whatever is dropped), what a firm types, how to get it, how to build its connector.

    ``caution``: what the firm must know of the key. ``is_open``: whether this installation has what the vendor wants of
    it; ``lacking`` says what, for who runs it.
    """

    slug: str
    name: str
    gives: Gives | None
    fields: tuple[AccessField, ...]
    help: tuple[str, ...]
    build: Callable[[Access], Connector]
    caution: str = ""
    is_open: Callable[[], bool] = lambda: True
    lacking: str = ""
    by_link: bool = False
    """Whether it is authorised by a link to follow: its connector is then an :class:`Inviting` one."""

    @property
    def by_month(self) -> bool:
        """Whether months are asked for, rather than fiscal years."""
        return self.gives is Gives.DSN


DROP_FOLDER: Final = "dossier"
"""The tool that is no tool: a folder of the server, see :mod:`cabinet.connectors.dropping`."""

TOOLS: Final[tuple[Tool, ...]] = (
    Tool(
        slug="pennylane",
        name="Pennylane",
        gives=Gives.FEC,
        fields=pennylane.FIELDS,
        help=pennylane.HELP,
        build=pennylane.Pennylane,
    ),
    Tool(
        slug="myunisoft",
        name="MyUnisoft",
        gives=Gives.FEC,
        fields=myunisoft.FIELDS,
        help=myunisoft.HELP,
        build=myunisoft.MyUnisoft,
        caution=myunisoft.CAUTION,
        is_open=myunisoft.is_open,
        lacking=myunisoft.LACKING,
    ),
    Tool(
        slug="odoo",
        name="Odoo",
        gives=Gives.FEC,
        fields=odoo.FIELDS,
        help=odoo.HELP,
        build=odoo.Odoo,
        caution=odoo.CAUTION,
    ),
    Tool(
        slug="chift",
        name="Chift",
        gives=Gives.FEC,
        fields=chift.FIELDS,
        help=chift.HELP,
        build=chift.Chift,
        is_open=chift.is_open,
        lacking=chift.LACKING,
        by_link=True,
    ),
    Tool(
        slug="silae",
        name="Silae",
        gives=Gives.DSN,
        fields=silae.FIELDS,
        help=silae.HELP,
        build=silae.Silae,
    ),
    Tool(
        slug="openpaye",
        name="OpenPaye",
        gives=Gives.DSN,
        fields=openpaye.FIELDS,
        help=openpaye.HELP,
        build=openpaye.OpenPaye,
        caution=openpaye.CAUTION,
    ),
    Tool(
        slug=DROP_FOLDER,
        name="Dossier surveillé (SFTP)",
        gives=None,
        fields=(),
        help=drop_folder.HELP,
        build=drop_folder.DropFolder,
        caution=drop_folder.CAUTION,
        is_open=drop_folder.is_open,
        lacking=drop_folder.LACKING,
    ),
)
BY_SLUG: Final[Mapping[str, Tool]] = {tool.slug: tool for tool in TOOLS}
