"""Amounts and dates that are not written in the plain way: what they are worth, and what is wrong with them."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation

from bocage.formats.fec import tester

MOST_DECIMALS = 12
LARGEST = Decimal(10) ** 17
"""An amount as large as this is not an amount of money: it is left out and flagged."""
_LONGEST = 64
_EXACT = Context(prec=128)
"""More digits than any amount read here: nothing is rounded."""
_FIRST_YEAR = 1000

_SPACES = " \u00a0\u202f\u2009\t"
_PARTS = re.compile(r"([+-]*)([0-9.,'’\u00a0\u202f\u2009\t ]+)(?:[eE]([+-]?[0-9]{1,4}))?([+-]*)$", re.ASCII)
_UNIT = re.compile(r"\s*(?:€|EUR|euros?)\s*$|^\s*€\s*", re.IGNORECASE)
_GROUPING = str.maketrans("", "", "'’\u00a0\u202f\u2009\t ")
_ODD_GROUP = re.compile(r"[0-9]['’\u202f\u2009\u00a0 ][0-9]")
_PLAIN_EIGHT = re.compile(r"[0-9]{8}$", re.ASCII)
_FORMS = (
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})[/\-.]*(?P<m>[01][0-9])[/\-.]*(?P<d>[0-3][0-9])(?:[T ]|$)", re.ASCII),
    re.compile(r"(?P<d>[0-3][0-9])[/\-.]*(?P<m>[01][0-9])[/\-.]*(?P<y>(?:19|20)[0-9]{2})(?:[T ]|$)", re.ASCII),
    re.compile(r"(?P<y>[0-9]{4})[/\-.]*(?P<m>[01][0-9])[/\-.]*(?P<d>[0-3][0-9])(?:[T ]|$)", re.ASCII),
    re.compile(r"(?P<d>[0-3][0-9])[/\-.]*(?P<m>[01][0-9])[/\-.]*(?P<y>[0-9]{4})(?:[T ]|$)", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read: its exact value (None when it cannot be), and the codes that it raises."""

    value: Decimal | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A date read: its value (None when it is blank or cannot be read), and the code that it raises."""

    value: date | None
    code: str


def points_are_thousands(raws: list[str]) -> bool:
    """Whether points separate thousands in this file: one value proves it, and none uses the point for decimals."""
    proof = False
    for raw in raws:
        text = raw.strip(_SPACES + "+-")
        if "." not in text:
            continue
        tail = text[text.rfind(".") + 1 :]
        if "," in text and text.rfind(",") > text.rfind("."):
            proof = True
        elif "," not in text and text.count(".") == 1 and len(tail.rstrip(_SPACES)) != 3:
            return False
    return proof


def read_amount(raw: str, *, thousands_point: bool = False) -> Amount:
    """Read an amount in any of the ways seen; ``raw`` is not blank."""
    if len(raw) > _LONGEST:
        return Amount(None, ("NUM-01",))
    seen = raw.replace("\u00a0", " ").strip(" ")
    refused = tester.amount_checks(seen.encode("utf-8", "replace").decode("latin-1"))
    grouped = "T21" in refused or ("T22" in refused and _ODD_GROUP.search(raw) is not None)
    codes = ["NUM-09"] if grouped else []
    if "T22" in refused and not grouped:
        codes.append("NUM-01")
    text = _UNIT.sub("", raw).strip(_SPACES)
    parts = _PARTS.match(text)
    if parts is None:
        return Amount(None, tuple(codes or ["NUM-01"]))
    left, digits, exponent, right = parts.groups()
    number, point = _decimal_text(digits.translate(_GROUPING), thousands_point=thousands_point)
    if "T20" in refused and (point or not grouped):
        codes.append("NUM-02")
    value = _value(left + right, number, exponent)
    if value is None:
        return Amount(None, tuple(codes or ["NUM-01"]))
    if exponent is not None:
        codes.append("NUM-05")
    if value.copy_abs() >= LARGEST or _decimals(value) > MOST_DECIMALS:
        return Amount(None, (*codes, "NUM-11"))
    if _decimals(value) > 2:
        codes.append("NUM-10")
    return Amount(value, tuple(codes))


def _value(signs: str, number: str, exponent: str | None) -> Decimal | None:
    if signs.count("-") > 1:
        return None
    try:
        value = Decimal(number if number.strip(".") else "0")
        if exponent is not None:
            value = value.scaleb(int(exponent), context=_EXACT)
    except (InvalidOperation, OverflowError):
        return None
    return value.copy_negate() if "-" in signs else value


def _decimals(value: Decimal) -> int:
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _decimal_text(text: str, *, thousands_point: bool) -> tuple[str, bool]:
    """The number with a point for decimals, and whether the file's own decimal mark was a point."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        mark = "," if comma > point else "."
    elif comma >= 0 or point >= 0:
        mark = "," if comma >= 0 else "."
        groups = text.split(mark)
        whole = len(groups) > 2 and all(len(group) == 3 for group in groups[1:])
        if whole or (mark == "." and thousands_point and len(groups[-1]) == 3):
            return text.replace(mark, ""), False
    else:
        return text, False
    at = text.rfind(mark)
    return text[:at].replace(",", "").replace(".", "") + "." + text[at + 1 :], mark == "."


def read_day(raw: str, *, mandatory: bool = False) -> Day:
    """Read a filled date that is not plain AAAAMMJJ, in the forms that the tester understands."""
    text = raw.replace("\u00a0", " ").strip(" ")
    if len(text) > _LONGEST:
        return Day(None, "DATE-01")
    check = tester.date_check(text, mandatory=mandatory)
    if check == "T25" or re.fullmatch(r"[0\-/.]+", text):
        return Day(None, "DATE-12")
    if check in {"T23", "T26"}:
        return Day(None, "DATE-01")
    day = _calendar(text)
    if check == "T24":
        return Day(day, "DATE-13")
    if day is None:
        return Day(None, "DATE-11")
    plain = _PLAIN_EIGHT.match(text) and text == day.strftime("%Y%m%d")
    return Day(day, "" if plain else "DATE-10")


def _calendar(text: str) -> date | None:
    for form in _FORMS:
        found = form.match(text)
        if found:
            try:
                day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
            return day if day.year >= _FIRST_YEAR else None
    return None
