"""Secrets of the firms: sealed under the firm's key, bound to the firm and the tool, opened to call the tool only."""

import json
from collections.abc import Mapping
from uuid import UUID

from cabinet.accounts.models import Firm
from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.port import Access
from cabinet.connectors.models import Connection
from cabinet.keys.ring import Purpose, UnknownMasterKey
from cabinet.keys.streams import Damaged, seal, unseal

HINT_SIGNS = 4
_LEAST_SIGNS = 12
"""A shorter secret would be half told by its last four signs."""


def bound_to(firm_id: UUID, tool: str) -> bytes:
    """What the secrets belong to: they open nowhere else."""
    return b"/".join((b"connector", firm_id.bytes, tool.encode()))


def seal_secrets(firm: Firm, tool: str, secrets: Mapping[str, str]) -> bytes:
    """The secrets as they are kept."""
    clear = json.dumps(dict(secrets), ensure_ascii=False).encode()
    return seal(clear, purpose=Purpose.CONNECTOR, salt=bytes(firm.salt), bound_to=bound_to(firm.id, tool))


def hints_of(secrets: Mapping[str, str]) -> dict[str, str]:
    """The last signs of each secret that is long enough to have some told."""
    return {name: value[-HINT_SIGNS:] if len(value) >= _LEAST_SIGNS else "" for name, value in secrets.items() if value}


def open_access(connection: Connection) -> Access:
    """What opens the connection. Raises ConnectorError when its key has left the ring."""
    firm = connection.firm
    try:
        clear = unseal(
            bytes(connection.sealed),
            purpose=Purpose.CONNECTOR,
            salt=bytes(firm.salt),
            bound_to=bound_to(firm.id, connection.tool),
        )
        secrets = json.loads(clear)
    except (Damaged, UnknownMasterKey, ValueError):
        raise ConnectorError(Failure.AUTH_REJECTED) from None
    return Access(connection_id=connection.id, firm_id=firm.id, secrets=secrets, options=connection.options)
