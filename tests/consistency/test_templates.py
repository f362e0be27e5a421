"""What the content policy would refuse in a page, and what French typography refuses on it."""

import re
from pathlib import Path

import pytest

from tests.consistency.tree import SOURCE, TEMPLATES, short, under

COMMENT = re.compile(r"{#.*?#}|{% comment .*?{% endcomment %}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=")
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc\s*=)")
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
STRAIGHT_APOSTROPHE = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])")
BREAKABLE_SPACE = re.compile(r"[^\s,] [;:!?%€»]|« ")


def templates() -> list[Path]:
    return under(TEMPLATES, ".html") + under(TEMPLATES, ".txt")


def without_comments(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("refused", [INLINE_STYLE, INLINE_SCRIPT, HANDLER], ids=["style", "script", "handler"])
def test_nothing_is_inline(refused: re.Pattern[str]) -> None:
    assert [short(path) for path in templates() if refused.search(without_comments(path))] == []


def test_apostrophes_are_curly_in_templates() -> None:
    found = {short(path): STRAIGHT_APOSTROPHE.findall(without_comments(path)) for path in templates()}
    assert {name: len(hits) for name, hits in found.items() if hits} == {}


def test_apostrophes_are_curly_in_wording() -> None:
    wording = under(SOURCE / "bocage" / "wording", ".toml")
    assert [short(path) for path in wording if STRAIGHT_APOSTROPHE.search(path.read_text(encoding="utf-8"))] == []
    assert wording


def test_no_sign_is_parted_from_its_word() -> None:
    """French puts a no-break space before ; : ! ? % € », and after «."""
    found = {}
    for path in templates():
        for line in MARKUP.sub("\0", without_comments(path)).splitlines():
            if BREAKABLE_SPACE.search(line):
                found.setdefault(short(path), []).append(line.replace("\0", "…").strip())
    assert found == {}
