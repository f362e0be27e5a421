"""One malformed value anywhere, one anomaly: each rubrique of clean messages, in each version, spoilt in each way.

What a control cannot read, it does not judge: a bad contract number is one finding, not ten.
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from bocage.referentials.dsn import Rubrique, load_norm
from tests.bocage.dsn.messages import NATURES, findings_of, message

_LINE = re.compile(r"(S\d\d\.G\d\d\.\d\d\.\d{3}),'(.*)'")
SETUPS = {
    "01": "$other $base92 $place $fee +31:001=01032025,009=PANTIN +34:001=05,002=00001,003=2025 "
    "+65:001=602,002=01032025 +51:001=01032025,002=31032025,010=00001,011=019,012=1.00,013=1.00 "
    "+72:001=CNBF +83:001=01012024,002=31012024 +S89.67:001=1850101999001,003=1.00,004=1.00,005=2025",
    "08": "+15:001=R,002=P0942,005=1 +70:013=1 +86:001=07,002=02,003=5,005=00001 "
    "+12:001=01,003=FR7630006000011234567890189",
}


CASES = [*((nature, "P25V01") for nature in NATURES), ("01", "P24V01"), ("01", "P26V01")]


def lines_of(nature: str, version: str) -> list[str]:
    setup = SETUPS.get(nature, "") if version == "P25V01" else ""
    text = message(nature, setup).edit(f"S10.00.006={version}").text()
    return text.splitlines()


def numbered(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Index, rubrique and value; not the version, nor the counters, which have their own tests."""
    for index, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        assert found is not None, line
        code, value = found.groups()
        if not code.startswith("S90") and code != "S10.G00.00.006":
            yield index, code, value


def defects(row: Rubrique, value: str) -> Mapping[str, str]:
    """Value → the code that it deserves."""
    found = {
        "": "CSL-VID",
        "  ": "CSL-VID",
        f"{value} ": "CSL-BLC",
        f" {value}": "CSL-BLC",
        f"{value[:-1]}\x92": "CSL-CAR",
        f"{value[:1]}\xa0{value[1:]}": "CSL-CAR",
    }
    low, high = row.min or 1, row.max or 256
    if row.values is not None:
        found["~" * low] = "CSL-LST"
        return found
    if high < 200:
        found[value + "0" * (high - len(value) + 1)] = "CSL-LON"
    if low > 1:
        found[value[: low - 1].rstrip()] = "CSL-LON"
    if row.regexp is None:
        found["*-".ljust(low, "+")] = "CSL-SPE"
    elif not re.fullmatch(row.regexp, "?" * len(value)):
        found["?" * len(value)] = "CSL-REG"
    if row.kind == "D" and low == high == 8 and re.fullmatch(row.regexp or "", f"3102{value[4:]}"):
        own = {"CSL-11", "CSL-12"} & set(row.controls)
        found[f"3102{value[4:]}"] = f"{row.code}/{own.pop()}" if own else "CSL-DAT"
    return found


def told(lines: list[str]) -> list[tuple[str, int | None, str | None]]:
    counted = [f"S90.G00.90.001,'{len(lines)}'" if line.startswith("S90.G00.90.001") else line for line in lines]
    findings = findings_of("\r\n".join(counted) + "\r\n")
    return [(f.code, place.line, place.column) for f in findings if f.norm_severity != "I" for place in f.where]


@pytest.mark.parametrize(("nature", "version"), CASES)
def test_a_spoilt_value_is_one_anomaly(nature: str, version: str) -> None:
    lines, norm = lines_of(nature, version), load_norm(version)
    assert told(lines) == []
    wrong = []
    once = {code: (index, code, value) for index, code, value in numbered(lines)}
    for index, code, value in once.values():
        for spoilt, expected in defects(norm.rubriques[code], value).items():
            found = told([*lines[:index], f"{code},'{spoilt}'", *lines[index + 1 :]])
            if found != [(expected, index + 1, code)]:
                wrong.append((code, spoilt, expected, found))
    assert wrong == []


@pytest.mark.parametrize(("nature", "version"), CASES)
def test_a_mandatory_rubrique_that_misses_is_one_anomaly(nature: str, version: str) -> None:
    """At the first line of the instance that lacks it, even when the next instance begins with the same rubrique."""
    lines, norm = lines_of(nature, version), load_norm(version)
    wrong = []
    once = {tuple(code for _, code in instance): instance for instance in instances(lines, version)}
    for instance in once.values():
        for index, code in instance:
            # Alone in its block, it takes the block away with it.
            if len(instance) == 1 or (norm.rubriques[code].usage or {}).get(nature) != "O":
                continue
            found = told([*lines[:index], *lines[index + 1 :]])
            first = instance[0][0] + 1
            if found != [("STR-USA-O", first, code)]:
                wrong.append((code, first, found))
    assert wrong == []


def instances(lines: list[str], version: str) -> list[list[tuple[int, str]]]:
    """The block instances of a clean message, as indexes and rubriques."""
    rubriques = load_norm(version).rubriques
    found: list[list[tuple[int, str]]] = []
    last = ("", 0)
    for index, code, _ in numbered(lines):
        row = rubriques[code]
        if row.block != last[0] or row.position <= last[1]:
            found.append([])
        found[-1].append((index, code))
        last = (row.block, row.position)
    return found
