"""The French words that travel with a social figure: formula, exclusions, variants."""

from dataclasses import dataclass

from bocage.wording import sentence


@dataclass(frozen=True, slots=True)
class Wording:
    """``exclusions`` and ``variants`` are empty when there are none."""

    formula: str
    exclusions: str
    variants: str


def wording_of(code: str) -> Wording:
    """The words of an indicator or an estimate. Raises KeyError for an unknown code."""
    return Wording(sentence("workforce", code).message, _optional(f"{code}/exclusions"), _optional(f"{code}/variants"))


def _optional(code: str) -> str:
    try:
        return sentence("workforce", code).message
    except KeyError:
        return ""
