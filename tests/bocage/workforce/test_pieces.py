"""Small pure pieces: rounding, hiding, timelines, selection."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.identifiers.declaration import DeclarationId, select
from bocage.indicators.workforce.catalogue import DEFINITIONS
from bocage.indicators.workforce.exact import quotient, rounded, truncated
from bocage.indicators.workforce.hiding import SMALLEST_GROUP, Cell, hide_small
from bocage.indicators.workforce.history import ALWAYS, told, value_on
from bocage.referentials.smic import hourly_smic
from bocage.wording import sentence

JAN, FEB, MARCH = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)


def test_rounding_is_half_away_from_zero_and_truncation_cuts() -> None:
    assert rounded(Fraction(12345, 1000), 2) == Decimal("12.35")
    assert rounded(Fraction(-12345, 1000), 2) == Decimal("-12.35")
    assert truncated(Fraction(17666, 1000), 2) == Decimal("17.66")
    assert quotient(1, 0, 2) is None


def test_small_groups_are_hidden_with_the_next_smallest_one() -> None:
    cells = [Cell("a", 3, 3), Cell("b", 8, 8), Cell("c", 6, 6)]
    assert [cell.value for cell in hide_small(cells)] == [None, 8, None]
    assert [cell.value for cell in hide_small(cells, total_shown=False)] == [None, 8, 6]
    assert [cell.value for cell in hide_small(cells[1:])] == [8, 6]
    assert [cell.value for cell in hide_small([Cell("a", 2, 2), Cell("b", 4, 4), Cell("c", 6, 6)])] == [None, None, 6]
    # Three and one beside a public total are four persons: a third cell hides with them.
    few = [Cell("a", 3, 3), Cell("b", 1, 1), Cell("c", 6, 6), Cell("d", 9, 9)]
    assert [cell.value for cell in hide_small(few)] == [None, None, None, 9]
    # Another figure gives "a" back: the rest of the hidden ones must hold without it.
    known = [Cell("a", 9, 2), Cell("b", 30, 3), Cell("c", 60, 7), Cell("d", 80, 9)]
    assert [cell.value for cell in hide_small(known)] == [None, None, 60, 80]
    assert [cell.value for cell in hide_small(known, known={"a"})] == [None, None, None, 80]


@given(st.lists(st.integers(1, 12), max_size=6))
def test_subtraction_never_gives_a_hidden_cell_back(sizes: list[int]) -> None:
    shown = hide_small([Cell(str(rank), size, size) for rank, size in enumerate(sizes)])
    hidden = [cell for cell in shown if cell.value is None]
    assert len(hidden) != 1 or len(shown) == 1
    assert len(hidden) in (0, len(shown)) or sum(cell.persons for cell in hidden) >= SMALLEST_GROUP
    assert all(cell.value is None or cell.persons >= SMALLEST_GROUP for cell in shown)


def test_a_timeline_follows_the_change_log() -> None:
    line = told([], JAN, "a", ())
    line = told(line, FEB, "b", [(date(2025, 2, 10), "a")])
    line = told(line, MARCH, "c", [(date(2025, 1, 20), "a"), (date(2025, 3, 5), "d")])
    days = [ALWAYS, date(2025, 1, 19), date(2025, 1, 20), FEB, date(2025, 3, 4), date(2025, 3, 5)]
    assert [value_on(line, day) for day in days] == ["a", "a", "d", "d", "d", "c"]


def test_the_first_declaration_known_may_bear_a_change_log() -> None:
    line = told([], FEB, "new", [(date(2025, 2, 15), "old")])
    assert [value_on(line, day) for day in (JAN, date(2025, 2, 14), date(2025, 2, 15))] == ["old", "old", "new"]


declarations = st.builds(
    DeclarationId,
    siret=st.sampled_from(["00001234400016", "00001234400024"]),
    month=st.sampled_from([JAN, FEB, None]),
    nature=st.sampled_from(["01", "01", "04"]),
    type=st.sampled_from(["01", "02", "03", "05"]),
    fraction=st.sampled_from(["11", "12", "22"]),
    scope=st.sampled_from(["01", "02"]),
    file_date=st.sampled_from([date(2025, 2, 3), date(2025, 3, 3), None]),
    ordre=st.integers(0, 3),
)


@given(st.lists(declarations, max_size=10))
def test_a_replaced_declaration_never_counts(given_declarations: list[DeclarationId]) -> None:
    selection = select(given_declarations)
    kept = [given_declarations[position] for position in selection.kept]
    assert not set(selection.kept) & set(selection.superseded)
    assert set(selection.superseded.values()) <= set(selection.kept)
    keys = [declaration.key for declaration in kept]
    assert len(keys) == len(set(keys))
    monthly = [position for position, declaration in enumerate(given_declarations) if declaration.key is not None]
    assert sorted([*selection.kept, *selection.superseded]) == monthly
    for declaration in given_declarations:
        same = [other for other in kept if other.key == declaration.key]
        assert all(other.rank >= declaration.rank for other in same)


@settings(max_examples=500)
@given(st.lists(declarations, max_size=8, unique=True), st.randoms())
def test_the_order_given_does_not_matter(given_declarations: list[DeclarationId], random: object) -> None:
    mixed = list(given_declarations)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    straight, shuffled = select(given_declarations), select(mixed)
    ranks = {given_declarations[position].rank for position in straight.kept}
    assert ranks == {mixed[position].rank for position in shuffled.kept}
    assert sorted(straight.fractions_missing.values()) == sorted(shuffled.fractions_missing.values())


def test_the_smic_by_date() -> None:
    assert hourly_smic(date(2023, 12, 31)) is None
    assert hourly_smic(date(2024, 10, 31)) == Decimal("11.65")
    assert hourly_smic(date(2024, 11, 1)) == Decimal("11.88")
    assert hourly_smic(date(2026, 1, 1)) == Decimal("12.02")


@pytest.mark.parametrize("code", DEFINITIONS)
def test_every_indicator_has_its_words(code: str) -> None:
    assert sentence("workforce", code).message
    assert sentence("workforce", f"{code}/name").message
