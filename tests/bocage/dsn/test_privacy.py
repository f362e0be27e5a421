"""No value of a person leaves the reader: findings, JSON, exceptions."""

import json
import random
import re
from pathlib import Path

import pytest

from bocage.formats.base import BytesSource
from bocage.formats.dsn import check, check_as_json
from bocage.referentials.dsn import load_norm
from tests.bocage.dsn.messages import message
from tests.bocage.dsn.samples import DATA

FILES = sorted([*DATA.glob("annee/*.dsn"), *DATA.glob("defauts/*.dsn")])
PERSONAL = (
    "S21.G00.30",
    "S21.G00.31",
    "S21.G00.40",
    "S21.G00.50",
    "S21.G00.51",
    "S21.G00.60",
    "S21.G00.65",
    "S21.G00.73",
)


def secrets_of(text: str) -> set[str]:
    numbers = re.findall(r"S21\.G00\.30\.(?:001|019|020),'?([^'\r\n]{5,})", text)
    names = re.findall(r"S21\.G00\.30\.002,'?([^'\r\n]{4,})", text)
    return {*numbers, *names}


def answer(text: str) -> str:
    checked = check([BytesSource("x.dsn", text.encode("latin-1"))])
    return json.dumps(check_as_json(checked), ensure_ascii=False) + repr(checked)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_samples(path: Path) -> None:
    text = path.read_bytes().decode("latin-1")
    said = answer(text)
    assert [secret for secret in secrets_of(text) if secret in said] == []


@pytest.mark.parametrize("code", [code for code in load_norm("P25V01").rubriques if code[:10] in PERSONAL])
def test_a_bad_value_of_a_person_is_never_shown(code: str) -> None:
    secret = "SECRET~4242"
    block = code[8:10] if code.startswith("S21") else code
    setup = {"31": "+31:001=01032025", "60": "$stop", "65": "+65:001=200,002=01032025", "73": "+73:003=01"}.get(
        block, ""
    )
    text = message("01", setup).edit(f"{block}.{code[-3:]}={secret}").text()
    assert "SECRET 4242" in text
    assert "SECRET" not in answer(text)


def test_scrambled_lines_show_nothing() -> None:
    generator = random.Random(7)
    text = FILES[0].read_bytes().decode("latin-1")
    hidden = secrets_of(text)
    for _ in range(30):
        lines = text.splitlines()
        for _ in range(40):
            at = generator.randrange(len(lines))
            lines[at] = generator.choice(
                [lines[at].replace("'", ""), lines[at].replace(",", " "), lines[at][8:], lines[at] * 2, f"X{lines[at]}"]
            )
        said = answer("\r\n".join(lines))
        assert [secret for secret in hidden if secret in said] == []


def test_only_public_values_are_shown() -> None:
    [report] = check([BytesSource("x.dsn", message("01", "06.001=000012345 S20.05.003=12").text().encode())]).files
    shown = {place.column: place.value for one in report.findings for place in one.where if place.value is not None}
    assert shown == {"S21.G00.06.001": "000012345"}
