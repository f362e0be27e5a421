"""What a draft holds: it comes back as it was, and believes only what the form was drawn for."""

import json
from dataclasses import replace

import pytest

from cabinet.onboarding.steps import (
    CompanyStep,
    DataStep,
    Found,
    OrganisationStep,
    Payload,
    TypedYear,
    from_bytes,
    to_bytes,
    typed_company,
)
from cabinet.registry.enums import LookupCase

FOUND = Found(
    number="00004729000010",
    case=LookupCase.FOUND,
    name="Conserverie Lestrohan",
    ape="10.39A",
    street="14 chemin du Vivier",
    opened_on="1998-05-04",
    sites=(("00004729000010", "", "14 chemin du Vivier", True),),
)
COMPANY = CompanyStep(
    typed="000 047 290 00010", found=FOUND, name=FOUND.name, ape=FOUND.ape, street=FOUND.street, file_code="L0418"
)


def test_a_payload_comes_back_as_it_was() -> None:
    payload = Payload(
        company=COMPANY,
        organisation=OrganisationStep("a", ("b", "c")),
        data=DataStep(skipped=True, years={"": TypedYear("2025-01-01", "hier")}),
    )
    assert from_bytes(to_bytes(payload)) == payload
    assert from_bytes(to_bytes(Payload())) == Payload()


def test_what_another_version_wrote_is_left_out() -> None:
    raw = json.loads(to_bytes(Payload(company=COMPANY)))
    raw["company"]["colour"] = "vert"
    raw["company"]["found"]["taste"] = "salé"
    del raw["company"]["contact_name"], raw["organisation"]
    assert from_bytes(json.dumps(raw).encode()) == Payload(company=COMPANY)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
def test_bytes_that_are_no_payload(content: bytes) -> None:
    with pytest.raises(ValueError):
        from_bytes(content)


def test_a_corrected_field_keeps_the_value_of_the_registry() -> None:
    sent = typed_company({"typed": COMPANY.typed, "card": FOUND.number, "street": " 14  bis "}, COMPANY)
    assert sent.corrected == {"street": "14 chemin du Vivier"}
    assert sent.details().corrected == {"street": "14 chemin du Vivier"}
    assert sent.details().street == "14 bis"


def test_what_is_masked_is_typed_not_corrected() -> None:
    hidden = replace(FOUND, name="", masked=("name", "street"), case=LookupCase.FOUND_MASKED)
    company = replace(COMPANY, found=hidden, name="Atelier Korrivan", street="3 rue du Four")
    assert company.corrected == {}
    assert not company.details().to_complete


def test_another_number_forgets_the_company() -> None:
    sent = typed_company({"typed": "000 012 344 00016", "card": FOUND.number, "name": "Autre"}, COMPANY)
    assert (sent.found, sent.name, sent.street, sent.file_code) == (None, "", "", "L0418")


def test_fields_drawn_for_another_number_are_not_believed() -> None:
    sent = typed_company({"typed": COMPANY.typed, "card": "00001234400016", "name": "Mécanique"}, COMPANY)
    assert sent.name == "Conserverie Lestrohan"


def test_the_box_of_a_closed_establishment_is_forgotten_with_its_number() -> None:
    ticked = typed_company({"typed": COMPANY.typed, "card": FOUND.number, "create_closed": "on"}, COMPANY)
    assert ticked.create_closed
    assert not typed_company({"typed": "00001234400016", "create_closed": "on"}, ticked).create_closed


def test_a_company_typed_by_hand_waits_for_the_registry() -> None:
    unknown = Found(number="00004729000010", case=LookupCase.UNREACHABLE)
    details = replace(COMPANY, found=unknown).details()
    assert details.to_complete
    assert (details.corrected, details.registry_source) == ({}, "")


def test_a_siren_is_not_the_answer_about_an_establishment() -> None:
    company = CompanyStep(typed="000047290", found=replace(FOUND, number="000047290", case=LookupCase.SIREN))
    assert company.siret == ""
    assert company.answer is not None
    assert not company.answer.has_company
