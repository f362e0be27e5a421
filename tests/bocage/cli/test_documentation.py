"""docs/cli.md names every command and every option: what is not written there does not exist for a user."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from bocage.cli.main import COMMANDS, build_parser
from bocage.formats.catalogue import KINDS

TEXT = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def parsers(parser: argparse.ArgumentParser, words: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from parsers(child, f"{words} {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    missing = []
    for words, parser in parsers(build_parser([name]), "bocage"):
        if not words.startswith(f"bocage {name}"):
            continue
        if not any(isinstance(action, argparse._SubParsersAction) for action in parser._actions) and words not in TEXT:
            missing.append(words)
        for action in parser._actions:
            missing += [
                option for option in action.option_strings if option.startswith("--") and f"`{option}" not in TEXT
            ]
    assert missing == []


def test_every_kind_of_file_is_documented() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in TEXT] == []
