"""Every control that is said to be implemented: a message that passes it, and the same message that breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bocage.formats.dsn.collector import letter_of
from bocage.formats.dsn.controls.base import full_id
from bocage.formats.dsn.controls.catalogue import implemented
from bocage.formats.dsn.sniffing import kind_of
from bocage.referentials.dsn import all_controls
from tests.bocage.dsn.messages import NATURES, codes_of, findings_of, message

CASES = Path(__file__).parent / "cases"
IN_THEIR_OWN_TEST = {"S20.G00.05.002/CCH-11"}


type Case = tuple[str, str, str, str, frozenset[str]]
"""Control, nature, what makes a message that the control speaks of, what breaks it, and the other controls that the
norm itself breaks with this one: two that say the same thing, a link that loses both ends."""


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                control, nature, setup, broken, *more = (part.strip() for part in line.split("|"))
                also = frozenset(full_id(code) if "/" in code else code for code in "".join(more).split())
                yield control, nature, setup, broken, also


@pytest.mark.parametrize("nature", NATURES)
def test_the_messages_changed_are_clean(nature: str) -> None:
    text = message(nature).text()
    assert kind_of(text.encode("latin-1")) == "dsn"
    assert findings_of(text) == ()


@pytest.mark.parametrize(("control", "nature", "setup", "broken", "also"), list(cases()))
def test_control(control: str, nature: str, setup: str, broken: str, also: frozenset[str]) -> None:
    """The message before is clean; after, it breaks this control, and nothing but what goes with it."""
    code = full_id(control)
    assert codes_of(message(nature, setup).findings()) == set()
    after = message(nature, f"{setup} {broken}").findings()
    assert codes_of(after) == {code} | also
    findings = [one for one in after if one.code == code]
    assert len(findings) == 1
    assert findings[0].norm_severity == letter_of(code, code)
    assert all(place.line for place in findings[0].where)
    assert {place.column for place in findings[0].where} == {code.partition("/")[0]}


def test_every_implemented_control_has_a_case() -> None:
    tested = {full_id(control) for control, *_ in cases()} | IN_THEIR_OWN_TEST
    assert implemented() - tested == set()
    assert tested - implemented() == set()
    assert implemented() <= set(all_controls())


def test_an_envoi_does_not_hold_a_declaration_and_what_cancels_it() -> None:
    both = message("04", "+S20.05:001=04,002=03,003=11,004=10,006=200320259,007=20032025")
    assert "S20.G00.05.002/CCH-11" in codes_of(both.findings())
    both.edit("S20.05#2.006=190320259")
    assert "S20.G00.05.002/CCH-11" not in codes_of(both.findings())


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("51.010=000*1", "S21.G00.51.010/CSL-11"),
        ("86.005=00*01", "S21.G00.86.005/CSL-11"),
        ("40.009=0000*", "S21.G00.40.009/CSL-11"),
        ("06.001=000012345", "S21.G00.06.001/CSL-11"),
        ("11.001=00025", "S21.G00.11.001/CSL-12"),
    ],
)
def test_one_value_that_breaks_its_own_syntax_is_one_headline(edit: str, code: str) -> None:
    """Others that it would be compared with stay silent: the cause is told."""
    assert codes_of(message("01", edit).findings()) == {code}
