"""What blocks each step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from cabinet.accounts.services import Person, create_collaborator
from cabinet.imports.enums import Doubt, ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.onboarding import checks
from cabinet.onboarding.drafts import access_draft
from cabinet.onboarding.selectors import administrators, followed_client, future_readers, proposed_manager
from cabinet.onboarding.steps import CompanyStep, DataStep, OrganisationStep, Payload, Step, TypedYear
from tests.cabinet.factories import make_collaborator, make_portfolio
from tests.cabinet.onboarding.drafting import CANNERY, CLOSED, HIDDEN, SEVERAL, begin
from tests.cabinet.people import People


def company(people: People, siret: str, **changes: Any) -> list[str]:
    actor = people.actor("manager")
    step = access_draft(actor, begin(actor, siret)).payload.company
    return codes(checks.company_problems(actor, replace(step, **changes)))


def codes(found: list[checks.Problem]) -> list[str]:
    return [f"{one.field}.{one.code}" for one in found]


def test_a_company_that_the_registry_knows_is_right(people: People) -> None:
    assert company(people, CANNERY) == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "typed.key"),
        ("000 047 290 0001", "typed.key"),
        ("00004729000011", "typed.key"),
        ("12345678A00011", "typed.key"),
        (SEVERAL, "typed.siren"),
    ],
)
def test_a_number_that_is_no_siret(people: People, typed: str, problem: str) -> None:
    assert company(people, typed) == [problem]


def test_a_number_that_the_registry_was_not_asked_about(people: People) -> None:
    actor = people.actor("manager")
    assert codes(checks.company_problems(actor, CompanyStep(typed=CANNERY))) == ["typed.not_asked"]


def test_a_followed_siret_is_refused_by_its_own_firm_only(people: People) -> None:
    assert company(people, people.client.siret) == ["typed.already_followed"]
    assert company(people, people.other_client.siret, name="Garage Pellouin") == []


def test_a_closed_establishment_needs_its_box(people: People) -> None:
    assert company(people, CLOSED) == ["create_closed.closed"]
    assert company(people, CLOSED, create_closed=True) == []


def test_a_hidden_name_is_to_be_typed(people: People) -> None:
    assert company(people, HIDDEN) == ["name.missing"]
    assert company(people, HIDDEN, name="Atelier Korrivan") == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ape": "10.39"}, "ape.shape"),
        ({"ape": "1039A"}, None),
        ({"ape": ""}, None),
        ({"name": "x" * 201}, "name.too_long"),
        ({"postcode": "x" * 11}, "postcode.too_long"),
        ({"contact_email": "gwenaelle"}, "contact_email.shape"),
        ({"contact_email": "g@lestrohan.example"}, None),
        ({"file_code": "t0412"}, "file_code.taken"),
        ({"file_code": "L0418"}, None),
    ],
)
def test_the_other_fields(people: People, changes: dict[str, str], problem: str | None) -> None:
    assert company(people, CANNERY, **changes) == ([problem] if problem else [])


def organisation(people: People, name: str, **step: Any) -> list[str]:
    return codes(checks.organisation_problems(people.actor(name), Payload(organisation=OrganisationStep(**step))))


def test_somebody_is_in_charge(people: People) -> None:
    assert organisation(people, "expert") == ["manager_id.missing"]
    assert organisation(people, "expert", manager_id="nobody") == ["manager_id.unknown"]
    assert organisation(people, "expert", manager_id=str(uuid4())) == ["manager_id.unknown"]
    assert organisation(people, "expert", manager_id=str(people.stranger.id)) == ["manager_id.unknown"]
    assert organisation(people, "expert", manager_id=str(people.outside.id)) == []


def test_who_cannot_sign_in_is_not_in_charge(people: People) -> None:
    silent = make_collaborator(people.firm, with_login=False)
    assert organisation(people, "expert", manager_id=str(silent.id)) == ["manager_id.unknown"]
    people.outside.is_active = False
    people.outside.save()
    assert organisation(people, "expert", manager_id=str(people.outside.id)) == ["manager_id.unknown"]


def test_portfolios_are_those_that_the_person_may_use(people: People) -> None:
    me, foreign = str(people.inside.id), make_portfolio(people.other_firm, responsables=[people.stranger])
    closed = make_portfolio(people.firm, responsables=[people.administrator])
    for portfolio in (foreign, closed):
        assert organisation(people, "inside", manager_id=me, portfolio_ids=(str(portfolio.id),)) == [
            "portfolio_ids.unknown"
        ]
    assert organisation(people, "inside", manager_id=me, portfolio_ids=("x",)) == ["portfolio_ids.unknown"]
    assert organisation(people, "inside", manager_id=me, portfolio_ids=(str(people.portfolio.id),)) == []
    assert organisation(people, "expert", manager_id=me, portfolio_ids=(str(closed.id),)) == []


def test_nobody_creates_what_they_would_not_see(people: People) -> None:
    other = str(people.outside.id)
    assert organisation(people, "inside", manager_id=other) == ["portfolio_ids.invisible"]
    assert organisation(people, "inside", manager_id=other, portfolio_ids=(str(people.portfolio.id),)) == []
    assert organisation(people, "inside", manager_id=str(people.inside.id)) == []
    assert organisation(people, "expert", manager_id=other) == []


def test_who_is_proposed_and_who_will_see(people: People) -> None:
    assert proposed_manager(people.actor("inside")) == people.inside
    chosen = OrganisationStep(str(people.outside.id), (str(people.portfolio.id),))
    readers = future_readers(people.actor("administrator"), chosen)
    assert set(readers) == {people.administrator, people.expert, people.inside, people.outside}


def test_whom_to_ask_about_a_client_out_of_reach(people: People) -> None:
    assert followed_client(people.actor("inside"), people.client.siret) == people.client
    assert followed_client(people.actor("outside"), people.client.siret) is None
    assert administrators(people.firm) == [people.administrator]


@pytest.fixture
def fec(people: People) -> Callable[..., Import]:
    """A FEC of the draft as a worker leaves it, for a year from the first of January."""

    def make(year: int = 2025, **columns: Any) -> Import:
        given = {
            "kind": ImportKind.FEC,
            "state": ImportState.TO_CHECK,
            "file_name": f"{year}.txt",
            "period_start": date(year, 1, 1),
            "period_end": date(year, 12, 31),
            "first_entry": date(year, 1, 15),
            "last_entry": date(year, 12, 20),
            "coherent_closing": date(year, 12, 31),
        }
        return Import.objects.create(
            firm=people.firm,
            draft_id=DRAFT,
            sha256="0" * 64,
            subject_salt=b"",
            subject_master=b"",
            **(given | columns),
        )

    return make


DRAFT = UUID(int=7)


def data(files: list[Import], years: dict[str, tuple[str, str]] | None = None) -> list[str]:
    step = DataStep(years={key: TypedYear(*dates) for key, dates in (years or {}).items()})
    return [one.code for one in checks.data_problems(step, files)]


def test_without_a_fec_dates_are_free(people: People) -> None:
    assert data([]) == []
    assert data([], {"": ("2025-01-01", "2025-12-31")}) == []
    assert data([], {"": ("2025-01-01", "")}) == ["dates_missing"]
    assert data([], {"": ("2025-12-31", "2025-01-01")}) == ["dates_reversed"]
    assert data([], {"": ("2022-01-01", "2025-12-31")}) == ["too_long"]
    assert data([], {"": ("0002-01-01", "0002-12-31")}) == ["dates_missing"]
    assert data([], {"": ("demain", "hier")}) == ["dates_missing"]


def test_the_dates_of_a_fec_are_proposed_and_match(fec: Callable[..., Import]) -> None:
    one = fec()
    assert data([one]) == []
    year = checks.years_of(DataStep(), [one])[0]
    assert (year.start, year.end, year.taken_from_file) == (date(2025, 1, 1), date(2025, 12, 31), True)


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("2025-01-10", "2025-12-31", []),
        ("2025-01-16", "2025-12-31", ["period"]),
        ("2025-01-01", "2025-12-30", ["period"]),
        ("2024-10-01", "2025-09-30", ["period"]),
        ("2024-07-01", "2025-12-31", []),
    ],
)
def test_dates_must_match_the_fec(fec: Callable[..., Import], start: str, end: str, problem: list[str]) -> None:
    one = fec()
    assert data([one], {str(one.id): (start, end)}) == problem


def test_dates_typed_before_the_fec_are_meant_for_it(fec: Callable[..., Import]) -> None:
    one = fec()
    assert data([one], {"": ("2024-01-01", "2024-12-31")}) == ["period"]
    assert data([one, fec(2024)], {"": ("2024-01-01", "2024-12-31")}) == []


def test_two_fec_are_two_years(fec: Callable[..., Import]) -> None:
    first, second = fec(2024), fec(2025)
    assert [year.fec for year in checks.years_of(DataStep(), [second, first])] == [first, second]
    assert data([first, second]) == []
    assert data([fec(2023), fec(2023)]) == ["same_year"]
    assert data([first, second], {str(second.id): ("2024-12-01", "2025-12-31")}) == ["overlap"]


def test_a_fec_without_entries_asks_for_its_dates(fec: Callable[..., Import]) -> None:
    empty = fec(period_start=None, period_end=None, first_entry=None, last_entry=None, coherent_closing=None)
    assert data([empty]) == ["dates_missing"]
    assert data([empty], {str(empty.id): ("2025-01-01", "2025-12-31")}) == []


def test_a_fec_without_siren_waits_for_a_word(fec: Callable[..., Import]) -> None:
    unnamed = fec(doubts=[Doubt.COMPANY_UNNAMED])
    assert data([unnamed]) == ["company_unnamed"]


def test_refused_and_unread_files_block_nothing(fec: Callable[..., Import]) -> None:
    assert data([fec(state=ImportState.REFUSED), fec(state=ImportState.READING, period_end=None)]) == []


def test_a_skipped_step_holds(fec: Callable[..., Import]) -> None:
    one = fec()
    typed = {str(one.id): TypedYear("2020-01-01", "2020-12-31")}
    assert checks.data_problems(DataStep(skipped=True, years=typed), [one]) == []


def test_the_first_wrong_step_comes_first(people: People) -> None:
    actor, payload = people.actor("manager"), Payload()
    assert checks.problems(actor, DRAFT, payload, before=Step.COMPANY) == []
    assert checks.problems(actor, DRAFT, payload, before=Step.SUMMARY)[0].step is Step.COMPANY
    right = access_draft(actor, begin(actor)).payload
    assert checks.problems(actor, DRAFT, right, before=Step.ORGANISATION) == []
    assert checks.problems(actor, DRAFT, right, before=Step.SUMMARY)[0].step is Step.ORGANISATION


def test_every_problem_has_its_words(people: People) -> None:
    from cabinet.web.wizard.words import describe

    pairs = {
        Step.COMPANY: "typed.siren typed.already_followed typed.not_asked create_closed.closed name.missing ape.shape "
        "contact_email.shape file_code.taken",
        Step.ORGANISATION: "manager_id.missing manager_id.unknown portfolio_ids.unknown portfolio_ids.invisible",
        Step.DATA: "files.company_unnamed x.dates_missing x.dates_reversed x.too_long x.period x.same_year x.overlap",
    }
    for step, texts in pairs.items():
        for text in texts.split():
            field, code = text.split(".")
            said = describe(checks.Problem(step, field, code, {"file": "a.txt"}))
            assert said.words.message
            assert said.name
    assert "13 saisis" in describe(checks.Problem(Step.COMPANY, "typed", "key"), typed="0000472900001").sentence
    long = checks.Problem(Step.COMPANY, "name", "too_long", {"limit": "200"})
    assert "200" in describe(long).sentence


def test_a_person_of_another_firm_is_never_in_charge(people: People) -> None:
    person = create_collaborator(
        actor=people.actor("stranger"),
        person=Person("Paul", "Vasseur", "p.vasseur@cabinet.test"),
        group=people.stranger.group,
        with_login=True,
        password="une-phrase-de-passe",
    )
    assert organisation(people, "expert", manager_id=str(person.id)) == ["manager_id.unknown"]
