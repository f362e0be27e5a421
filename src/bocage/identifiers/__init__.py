"""French identifiers and small value objects: once parsed, the type says valid."""

from bocage.identifiers.company import KeyCheck, Siren, Siret, check_number, format_siret, luhn_ok
from bocage.identifiers.money import cents_to_text, decimal_to_text, quantize_cents
from bocage.identifiers.naf import Naf
from bocage.identifiers.period import Period

__all__ = [
    "KeyCheck",
    "Naf",
    "Period",
    "Siren",
    "Siret",
    "cents_to_text",
    "check_number",
    "decimal_to_text",
    "format_siret",
    "luhn_ok",
    "quantize_cents",
]
