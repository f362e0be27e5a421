"""The project stands alone: its documents name what it holds, and nothing of the machine it was written on."""

import ast
import re

from tests.consistency.tree import ROOT, called_name, files, module, short, under

MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)\s#]+)")
ELSEWHERE = re.compile(r"(?<![\w./-])/(?:home|root|work|Users)/\w|(?:\.\./)+shared\b|(?<![\w/])\.library\b")
ISSUE = re.compile(r"\bissues?\s+#?\d|(?<![\w&])#\d+\b(?!;)")
SETTING_ROW = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)
TEXT_SUFFIXES = {".py", ".md", ".toml", ".html", ".txt", ".js", ".json", ".yml", ".yaml", ".ini", ".cfg", ".sh", ""}


def test_relative_links_lead_somewhere() -> None:
    lost = []
    for path in under(ROOT, ".md"):
        for target in MARKDOWN_LINK.findall(path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                lost.append(f"{short(path)} → {target}")
    assert lost == []


def test_nothing_refers_to_a_machine_or_a_tracker() -> None:
    found = []
    for path in files():
        if path.suffix not in TEXT_SUFFIXES or path.is_relative_to(ROOT / "tests" / "data"):
            continue
        text = path.read_text(encoding="utf-8")
        places = [*ELSEWHERE.findall(text), *(ISSUE.findall(text) if path.suffix in {".py", ".md"} else [])]
        if places and short(path) != "tests/consistency/test_documents.py":
            found.append(f"{short(path)}: {places[0]}")
    assert found == []


def test_the_settings_reference_is_complete() -> None:
    read = set()
    for path in under(ROOT / "src" / "config", ".py"):
        for node in ast.walk(module(path)):
            if isinstance(node, ast.Call) and called_name(node) in {"text", "flag", "integer", "words", "get"}:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isupper():
                    read.add(first.value)
    reference = (ROOT / "docs" / "ops" / "settings.md").read_text(encoding="utf-8")
    assert set(SETTING_ROW.findall(reference)) == read | {"BOCAGE_PORT"}
