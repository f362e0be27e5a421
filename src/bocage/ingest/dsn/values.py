"""Values of rubriques, as the cells of fact tables. What is not certain is None: nothing is guessed."""

import re
from datetime import date
from functools import lru_cache

_CODE = re.compile(r"[0-9A-Za-z]{1,4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"-?\d{1,8}(?:\.\d{1,2})?", re.ASCII)
_NORM = re.compile(r"P\d\dV\d\d", re.ASCII)
_NAF = re.compile(r"\d{4}[A-Z]", re.ASCII)
_SIGNAL_ID = re.compile(r"\d{9,23}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


@lru_cache(maxsize=65_536)
def day(text: str | None) -> date | None:
    """JJMMAAAA, when that day exists."""
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


@lru_cache(maxsize=4_096)
def code(text: str | None) -> str | None:
    """A code of at most four letters and digits. Anything longer is not a code, and might name someone."""
    return text if text is not None and _CODE.fullmatch(text) else None


def amount(text: str | None) -> str | None:
    """An amount with a point and at most two decimals, as text."""
    return text if text is not None and _NUMBER.fullmatch(text) else None


def quantity(text: str | None) -> str | None:
    """Hours or days, as text."""
    return text if text is not None and _QUANTITY.fullmatch(text) else None


def digits(text: str | None, length: int) -> str | None:
    """Exactly ``length`` digits."""
    return text if text is not None and len(text) == length and text.isascii() and text.isdigit() else None


def year(text: str | None) -> int | None:
    """A year of four digits."""
    return int(text) if text is not None and _YEAR.fullmatch(text) else None


def norm(text: str | None) -> str | None:
    """A version of the norm, as P25V01."""
    return text if text is not None and _NORM.fullmatch(text) else None


def naf(text: str | None) -> str | None:
    """An activity code, as 2562B."""
    return text if text is not None and _NAF.fullmatch(text) else None


def signal_id(text: str | None) -> str | None:
    """The identifier of a signal: its file date, then its ordre."""
    return text if text is not None and _SIGNAL_ID.fullmatch(text) else None


def birth_year(text: str | None) -> int | None:
    """The year of a birth date whose day and month may be unknown (99, 00)."""
    return year(text[4:]) if text is not None and len(text) == 8 else None


@lru_cache(maxsize=65_536)
def age_on(text: str | None, when: date | None) -> int | None:
    """Full years on ``when``. A day or month that is unknown is taken as reached."""
    born = birth_year(text)
    if born is None or text is None or when is None:
        return None
    month, day_of_month = text[2:4], text[:2]
    unknown_month = not (month.isdigit() and 1 <= int(month) <= 12)
    unknown_day = not (day_of_month.isdigit() and 1 <= int(day_of_month) <= 31)
    birthday = (1 if unknown_month else int(month), 1 if unknown_day else int(day_of_month))
    return when.year - born - ((when.month, when.day) < birthday)


def sex(declared: str | None, nir: str | None, ntt: str | None) -> str | None:
    """30.005 when present, else the first digit of the NIR, else of the NTT: F, M or None."""
    if declared is not None:
        return {"01": "M", "02": "F"}.get(declared)
    for identifier in (nir, ntt):
        if identifier:
            return {"1": "M", "2": "F"}.get(identifier[0])
    return None
