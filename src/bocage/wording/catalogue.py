"""Codes to French. Files beside this one: ``fec.toml``, ``dsn.toml``, ``indicators.toml``, …

A table ``[CODE]`` holds ``message`` and, for findings, ``remedy``; ``{name}`` is replaced by a parameter. A code
missing from every file raises KeyError: the tests ask for each one that the code can produce.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bocage.findings import Finding


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to say, and what to do about it (empty when nothing has to be done)."""

    message: str
    remedy: str = ""


@cache
def _load(domain: str) -> dict[str, Sentence]:
    raw = tomllib.loads((files(__package__) / f"{domain}.toml").read_text(encoding="utf-8"))
    return {code: Sentence(table["message"], table.get("remedy", "")) for code, table in raw.items()}


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
    """The words of a finding. Raises KeyError for a code without words."""
    return sentence(domain, finding.code, **finding.params)
