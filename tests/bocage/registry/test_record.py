import json
from datetime import date
from pathlib import Path

import pytest

from bocage.identifiers import Siren
from bocage.registry import Company
from bocage.registry.recherche import parse_search
from bocage.registry.record import from_record, to_record

SAMPLES = Path(__file__).parents[2] / "data" / "sirene" / "recherche"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("search_*.json")), ids=lambda path: path.stem)
def test_a_company_comes_back_unchanged(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    for unit in document["results"]:
        company = parse_search(document, Siren(unit["siren"]), asked_on=date(2026, 6, 1))
        assert isinstance(company, Company)
        assert from_record(json.loads(json.dumps(to_record(company)))) == company


def test_what_is_not_a_record_is_nothing() -> None:
    assert from_record({}) is None
    assert from_record({"siren": "123"}) is None
    assert from_record({"siren": "000010009", "establishments": "x", "state": 3, "size": []}) == Company(
        siren=Siren("000010009")
    )
