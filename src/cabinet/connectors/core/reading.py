"""Reading what tools send, whose shapes vary: texts, dates and numbers of companies."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bocage.identifiers.company import luhn_ok
from cabinet.connectors.core.errors import ConnectorError, Failure


def mapping(value: Any) -> Mapping[str, Any]:
    """The object that was expected. Raises ConnectorError for anything else."""
    if not isinstance(value, Mapping):
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return value


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The list of objects that was expected; an empty one for null. Raises ConnectorError for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return [mapping(one) for one in value]


def text(value: Any) -> str:
    """A text, whatever was sent for it; empty for null, objects and lists."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def whole(value: Any, default: int = 0) -> int:
    """A whole number, written as one or as a text."""
    try:
        return int(text(value) or default)
    except ValueError:
        return default


def day(value: Any) -> date:
    """A day, ``2025-01-31``, ``20250131`` or the start of a moment. Raises ConnectorError."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None


def numbers(value: Any) -> tuple[str, str]:
    """SIREN and SIRET of what a tool wrote for one or the other; empty for what bears no valid key."""
    digits = "".join(sign for sign in text(value) if sign.isdigit())
    if len(digits) == 14 and luhn_ok(digits[:9]):
        return digits[:9], digits
    if len(digits) == 9 and luhn_ok(digits):
        return digits, ""
    return "", ""
