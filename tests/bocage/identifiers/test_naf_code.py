import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.identifiers import Naf


@pytest.mark.parametrize("text", ["10.71C", "1071C", " 10.71c ", "10.71 C"])
def test_ways_to_write_a_code(text: str) -> None:
    code = Naf.parse(text)
    assert code == "10.71C"
    assert (code.division, code.nace_class) == ("10", "10.71")


@pytest.mark.parametrize("text", ["", "10.71", "107C", "10.71CC", "１０.71C", "10-71C"])
def test_not_a_code(text: str) -> None:
    assert Naf.parse(text) is None


@given(st.text(max_size=12))
def test_parsing_never_raises_and_is_stable(text: str) -> None:
    code = Naf.parse(text)
    assert code is None or Naf.parse(code) == code
