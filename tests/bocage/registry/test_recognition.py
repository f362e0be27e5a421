"""Which company a label may name: what bookkeepers type, the score, and what is said before anybody takes one."""

from decimal import Decimal

import pytest

from bocage.identifiers import Naf, Siren, Siret
from bocage.registry import Address, Company, Establishment, State
from bocage.registry.company import Activities
from bocage.registry.recognition import LEAST, Trap, closeness, matches, memory_key, number_in, query_text, search_words


def company(siren: str, name: str, naf: str | None = "10.71C", town: str = "Alençon", **changes: object) -> Company:
    number = Siren.parse(siren)
    office = Siret.parse(siren + {"000012344": "00016", "000074617": "00028"}.get(siren, "00010"))
    assert number is not None
    place = Establishment(office, address=Address(town=town)) if office else None
    known = Activities(naf_rev2=Naf.parse(naf)) if naf else Activities()
    values = {"establishments": (place,) if place else (), "activities": known, "state": State.OPEN} | changes
    return Company(siren=number, name=name, **values)  # type: ignore[arg-type]  # names checked by the class


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("FOURNISSEURS DIVERS", ()),
        ("Frs. divers 2025", ()),
        ("FACTURES NON PARVENUES", ()),
        ("401000", ()),
        ("FRS TRANSP. MARTIN SARL 42", ("transports", "martin")),
        ("Sté Électricité d’Orvanne (S.A.S.)", ("electricite", "orvanne")),
        ("BOUL. DURAND FRS", ("boulangerie", "durand", "freres")),
    ],
)
def test_a_label_is_cut_to_the_words_of_a_name(label: str, words: tuple[str, ...]) -> None:
    assert search_words(label) == words
    assert query_text(label) == " ".join(words)


@pytest.mark.parametrize(
    ("label", "name", "least", "most"),
    [
        ("MENUISERIE AUBRIZEAU", "Menuiserie Aubrizeau", "1", "1"),
        ("Aubrizeau menuiserie SARL", "Menuiserie Aubrizeau", "0.95", "1"),
        ("MENUISREIE AUBRIZAU", "Menuiserie Aubrizeau", "0.8", "0.95"),
        ("TRANSP TREMARAN", "Transports de Trémaran", "0.95", "1"),
        ("AUBRIZEAU", "Menuiserie Aubrizeau", "0.85", "0.95"),
        ("GARAGE MARTIN", "Garage Pellouin", "0", "0.2"),
        ("MENUISERIE DUPONT", "Menuiserie Aubrizeau", "0", "0.2"),
        ("DIVERS", "Divers Frères", "0", "0"),
    ],
)
def test_a_score_says_how_much_of_the_name_is_there(label: str, name: str, least: str, most: str) -> None:
    assert Decimal(least) <= closeness(search_words(label), name) <= Decimal(most)


def test_the_town_prefers_and_a_closed_company_comes_after() -> None:
    here, there = company("000012344", "Scierie Vallon", town="Alençon"), company("000074617", "Scierie Vallon")
    found = matches(
        "SCIERIE VALLON", [company("000074617", "Scierie Vallon", town="Brest"), here], town="ALENCON CEDEX"
    )
    assert [(one.company.siren, one.in_town) for one in found] == [("000012344", True), ("000074617", False)]
    closed = company("000012344", "Scierie Vallon", state=State.CLOSED)
    found = matches("SCIERIE VALLON", [closed, there])
    assert [one.company.siren for one in found] == ["000074617", "000012344"]
    assert Trap.CLOSED in found[1].traps


def test_two_companies_of_one_name_are_said_to_be_homonyms() -> None:
    found = matches("Scierie Vallon", [company("000012344", "Scierie Vallon"), company("000074617", "SCIERIE VALLON")])
    assert all(one.traps[0] is Trap.HOMONYM for one in found)


def test_a_number_in_the_label_goes_before_any_name() -> None:
    assert number_in("VALLON 000 012 344 fact. 7") == "000012344"
    assert number_in("VALLON 000 012 345") is None
    found = matches("XYZ 000012344", [company("000012344", "Scierie Vallon"), company("000074617", "XYZ")])
    assert (found[0].company.siren, found[0].by_number, found[0].score) == ("000012344", True, 1)


@pytest.mark.parametrize(
    ("changes", "trap"),
    [
        ({"naf": "46.34Z"}, Trap.PRODUCT),
        ({"naf": "35.14Z"}, Trap.ENERGY),
        ({"naf": "46.90Z"}, Trap.ASK),
        ({"naf": "64.20Z"}, Trap.HOLDING),
        ({"naf": "70.10Z"}, Trap.HOLDING),
        ({"naf": "64.19Z"}, Trap.BANK),
        ({"naf": "65.12Z"}, Trap.BANK),
        ({"naf": "84.11Z"}, Trap.PUBLIC),
        ({"naf": None}, Trap.NO_ACTIVITY),
        ({"legal_form": "1000"}, Trap.PERSON),
        ({"legal_form": "3120"}, Trap.FOREIGN),
    ],
)
def test_what_may_mislead_is_said(changes: dict[str, str | None], trap: Trap) -> None:
    found = matches("Vallon", [company("000012344", "Vallon", **changes)])  # type: ignore[arg-type]  # a table of cases
    assert found[0].traps == (trap,)


def test_the_own_company_of_the_client_is_told() -> None:
    assert Trap.OWN in matches("Vallon", [company("000012344", "Vallon")], own=Siren.parse("000012344"))[0].traps


def test_who_is_too_far_is_no_candidate() -> None:
    assert matches("BRICOLAGE DURAND", [company("000012344", "Scierie Vallon")]) == ()
    assert all(one.score >= LEAST for one in matches("Vallon", [company("000012344", "Vallon du Bois Joli Clair")]))


def test_memory_meets_labels_of_the_same_supplier_only() -> None:
    assert memory_key("S.A.R.L. Trémaran Transports") == memory_key("FRS TRANSP TREMARAN")
    assert memory_key("Transports Trémaran") != memory_key("Garage Trémaran")
    assert memory_key("FOURNISSEURS DIVERS") == ""
