from decimal import Decimal

import pytest
from lxml import etree

from bocage.reports.charts import Mark, bars, columns

COLOUR = "#0f766e"


def boxes(svg: bytes) -> list[dict[str, str]]:
    return [dict(box.attrib) for box in etree.fromstring(svg) if box.tag.endswith("rect")]


def texts(svg: bytes) -> list[str]:
    return [text.text or "" for text in etree.fromstring(svg) if text.tag.endswith("text")]


def test_bars_share_one_scale_from_zero() -> None:
    drawn = bars([Mark("a", Decimal(100)), Mark("b", Decimal("25.5")), Mark("c", Decimal(0))], COLOUR)
    assert [box["width"] for box in boxes(drawn)[:3]] == ["200.00", "51.00", "0.00"]
    assert texts(drawn) == ["a", "100", "b", "26", "c", "0"]


def test_a_negative_bar_goes_the_other_way() -> None:
    back, ahead, axis = boxes(bars([Mark("a", Decimal(-100)), Mark("b", Decimal(100))], COLOUR))
    assert (back["x"], back["width"], ahead["x"], axis["x"]) == ("170.00", "100.00", "270.00", "270.00")


def test_an_unknown_value_has_no_bar_and_says_so() -> None:
    drawn = bars([Mark("a", None), Mark("b", Decimal(1), "1 tonne")], COLOUR)
    assert texts(drawn) == ["a", "à compléter", "b", "1 tonne"]
    assert len(boxes(drawn)) == 2  # b and the axis


def test_a_label_is_a_text_whatever_it_holds_and_not_too_long() -> None:
    drawn = bars([Mark('<script>"&\x00' + "é" * 60, Decimal(1))], COLOUR)
    assert texts(drawn)[0].startswith('<script>"&é')
    assert len(texts(drawn)[0]) == 38


def test_columns_rise_from_the_same_floor() -> None:
    first, second, unknown, _ = boxes(columns([Mark("j", Decimal(10)), Mark("f", Decimal(5)), Mark("m", None)], COLOUR))
    assert (first["height"], second["height"], unknown["height"]) == ("110.00", "55.00", "0.00")
    assert {float(box["y"]) + float(box["height"]) for box in (first, second)} == {124.0}


def test_a_column_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="from 0"):
        columns([Mark("j", Decimal(-1))], COLOUR)


@pytest.mark.parametrize("draw", [bars, columns])
def test_nothing_to_draw_is_a_drawing(draw) -> None:  # type: ignore[no-untyped-def]
    assert draw([], COLOUR).startswith(b"<svg")
