"""A registry of invented companies, for the demonstration firm, offline machines and tests.

Their SIREN begin with 0000, which Insee never gave to anyone. Each case of real life is there: closed with a successor,
moved, hidden, abroad, overseas, CEDEX, sole trader, association, farm, several establishments, thousands of them,
registered twice.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Company, Duplicate, NotFound
from bocage.registry.recognition import search_words
from bocage.registry.record import from_record
from cabinet.registry.enums import Source


@cache
def _document() -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads((files(__package__) / "demo_companies.json").read_text(encoding="utf-8"))
    return document


@cache
def companies() -> Mapping[str, Company]:
    """The companies of ``demo_companies.json`` by SIREN."""
    found = (from_record(record) for record in _document()["companies"])
    return MappingProxyType({company.siren: company for company in found if company is not None})


class DemoRegistry:
    """Answers at once, from memory."""

    name: Final[str] = Source.DEMO

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """The invented company, if there is one of that number."""
        kept = Siren.parse(_document()["duplicates"].get(number[:9], ""))
        if kept is not None:
            return Duplicate(number, kept)
        company = companies().get(number[:9])
        if company is None or (isinstance(number, Siret) and company.establishment(number) is None):
            return NotFound(number)
        return company

    def search(self, text: str) -> tuple[Company, ...]:
        """The invented companies that bear one of the words, those whose name is public only."""
        wanted = set(text.split())
        return tuple(one for one in companies().values() if one.name and wanted & _words(one))


def _words(company: Company) -> set[str]:
    signs = [sign for place in company.establishments for sign in place.trade_names]
    names = (company.name, company.acronym, *company.usual_names, *signs)
    return {word for name in names if name for word in search_words(name)}
