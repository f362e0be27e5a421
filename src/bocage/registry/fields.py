"""Reading the fields of an answer: wrong types are unknown, masks are remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from bocage.identifiers import Naf, Siret
from bocage.registry.company import Activities, Size

MASKS = frozenset({"[NON-DIFFUSIBLE]", "[ND]"})
NO_ACTIVITY = "00.00Z"
"""Just created, or without a known activity."""
NAF_2025_FROM = date(2027, 1, 1)
"""From that day the main field of SIRENE holds a NAF 2025 code."""


def as_mapping(value: object) -> Mapping[str, object]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """A JSON array, or an empty one."""
    return value if isinstance(value, list) else []


def as_int(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(slots=True)
class Fields:
    """The fields of one JSON object. Each mask met is noted under the name that the caller gives."""

    values: Mapping[str, object]
    masked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, value: object) -> Self:
        """The fields of a JSON object; none when the value is not one."""
        return cls(as_mapping(value))

    def text(self, key: str, *, hides: str | None = None, always: bool = False) -> str | None:
        """A text without outer spaces, None when absent, empty or masked.

        ``hides`` is the name noted for a mask. ``always`` hides the value even when the source shows it: the unit asked
        not to be public, and a source that lags behind is no reason to show it.
        """
        text = self._clean(self.values.get(key), hides)
        if text is not None and always and hides is not None:
            self._note(hides)
            return None
        return text

    def texts(self, key: str, *, hides: str | None = None) -> tuple[str, ...]:
        """The texts of an array, without the empty and the masked ones; a lone text is an array of one."""
        value = self.values.get(key)
        items = [value] if isinstance(value, str) else as_list(value)
        return tuple(text for item in items if (text := self._clean(item, hides)) is not None)

    def day(self, key: str) -> date | None:
        """A date, from ``2026-03-12`` or ``2026-03-12T09:15:04``."""
        text = self.text(key)
        try:
            return None if text is None else date.fromisoformat(text[:10])
        except ValueError:
            return None

    def flag(self, key: str) -> bool | None:
        """A boolean, or Insee's O and N."""
        value = self.values.get(key)
        if isinstance(value, bool):
            return value
        return {"O": True, "N": False}.get(value) if isinstance(value, str) else None

    def siret(self, key: str) -> Siret | None:
        """A SIRET whose key is right."""
        text = self.text(key)
        return None if text is None else Siret.parse(text)

    def size(self, band_key: str, year_key: str) -> Size | None:
        """A size band and its year."""
        band, year = self.text(band_key), self.text(year_key)
        return None if band is None else Size(band, int(year) if year and year.isascii() and year.isdigit() else None)

    def _clean(self, value: object, hides: str | None) -> str | None:
        if not isinstance(value, str):
            return None
        text = value.strip()
        if text in MASKS:
            self._note(hides)
            return None
        return text or None

    def _note(self, hides: str | None) -> None:
        if hides is not None and hides not in self.masked:
            self.masked.append(hides)


def activities(main: str | None, naf_2025: str | None, nomenclature: str | None, asked_on: date) -> Activities:
    """Put each code in its nomenclature, which the shape of a code never tells.

    ``nomenclature`` is what the source says of the main code, when it says it. Otherwise the main code is NAF rév. 2
    when its NAF 2025 code stands beside it or before 1 January 2027, else NAF 2025.
    """
    main_code, new_code = (
        None if text is None or text == NO_ACTIVITY else Naf.parse(text) for text in (main, naf_2025)
    )
    if nomenclature is not None:
        if nomenclature == "NAFRev2":
            return Activities(main_code, new_code)
        # The nomenclatures before 2008 have codes that look the same and mean something else.
        return Activities(None, main_code if "25" in nomenclature else new_code)
    if new_code is not None or asked_on < NAF_2025_FROM:
        return Activities(main_code, new_code)
    return Activities(None, main_code)
