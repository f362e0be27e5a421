"""Every code has its sentence, and the document lists every control."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

from bocage.formats.dsn.checking import GENERIC_CHECKS
from bocage.formats.dsn.controls.catalogue import NOTES, implemented, reasons
from bocage.formats.dsn.documentation import as_markdown
from bocage.referentials.dsn import all_controls
from bocage.wording import sentence

WORDS: dict[str, dict[str, str]] = tomllib.loads((files("bocage.wording") / "dsn.toml").read_text(encoding="utf-8"))
DOCUMENT = Path(__file__).parents[3] / "docs" / "formats" / "dsn.md"
ARCHIVES = {f"FIC-ARC-0{number}" for number in range(1, 7)}
LEAST_IMPLEMENTED = 590


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert {code for code in WORDS if not code.startswith("word/")} == implemented() | set(GENERIC_CHECKS) | ARCHIVES
    assert all(sentence("dsn", code).message for code in WORDS)


def test_typography() -> None:
    faults = [
        (code, text)
        for code, words in WORDS.items()
        for text in words.values()
        if re.search(r"[a-zà-ÿ]'[a-zà-ÿ]| [:;!?%€»]|« |!|\.\.\.", text.replace("'valeur'", ""))
    ]
    assert faults == []


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == as_markdown(), "bocage dsn controls --markdown > docs/formats/dsn.md"


def test_every_control_is_listed_once_with_its_state() -> None:
    rows = re.findall(
        r"^\| (S\d\d\.G\d\d\.\d\d\.\d{3}/[A-Z]+-\d+) \| [^|]* \| (.*?) \| .*\|$", as_markdown(), re.MULTILINE
    )
    assert [code for code, _ in rows] == list(all_controls())
    done = {code for code, state in rows if state.startswith("*implemented*")}
    assert done == implemented()
    assert all(state.removeprefix("not implemented: ") for _, state in rows)


def test_enough_controls_are_implemented() -> None:
    assert len(all_controls()) == 654
    assert len(implemented()) >= LEAST_IMPLEMENTED
    assert len(implemented()) + len(reasons()) == 654
    assert all(reasons().values())
    assert set(NOTES) <= implemented()
