"""Codes to French. Files beside this one: ``fec.toml``, ``dsn.toml``, ``indicators.toml``, …

A table ``[CODE]`` holds ``message`` and, for findings, ``remedy``; ``{name}`` is replaced by a parameter. A code
missing from every file raises KeyError: the tests ask for each one that the code can produce.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bocage.findings import Finding
from bocage.wording.judgements import ENCODINGS


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to say, and what to do about it (empty when nothing has to be done)."""

    message: str
    remedy: str = ""


_HEADER = re.compile(r"^\[(\"[^\"\n]+\"|[\w-]+)\]$", re.MULTILINE)


class _Domain:
    """The sentences of one file. Only those asked for are parsed: a check says a few codes of several hundred."""

    def __init__(self, text: str) -> None:
        headers = list(_HEADER.finditer(text))
        ends = [*(header.start() for header in headers[1:]), len(text)]
        self._tables = {
            header[1].strip('"'): text[header.end() : end] for header, end in zip(headers, ends, strict=True)
        }
        self._parsed: dict[str, Sentence] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._tables

    def __getitem__(self, code: str) -> Sentence:
        found = self._parsed.get(code)
        if found is None:
            table = tomllib.loads(self._tables[code])
            found = self._parsed[code] = Sentence(table["message"], table.get("remedy", ""))
        return found


@cache
def _load(domain: str) -> _Domain:
    return _Domain(Path(__file__).with_name(f"{domain}.toml").read_text(encoding="utf-8"))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(domain: str, code: str, **params: str) -> Sentence:
    """The French words of ``code`` in ``domain``; a parameter that is not given shows as « … ». Raises KeyError."""
    found = _load(domain)[code]
    words = _Blank(params)
    return Sentence(found.message.format_map(words), found.remedy.format_map(words))


def has_words(domain: str, code: str) -> bool:
    """Whether ``code`` is one of ``domain``: what an address says may be anything."""
    return code in _load(domain)


def finding_sentence(domain: str, finding: Finding) -> Sentence:
    """The words of a finding: those of its subject when it has some of its own (``word/CODE/subject``), else those of
    its code. Raises KeyError for a code without words."""
    own = f"word/{finding.code}/{finding.params.get('subject', '')}"
    params = dict(finding.params)
    if "jeu" in params:
        params["jeu"] = ENCODINGS.get(params["jeu"], params["jeu"])
    return sentence(domain, own if has_words(domain, own) else finding.code, **params)
