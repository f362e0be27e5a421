"""Clients: what may be created and changed, and what the journal says of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import entries_of_client, entries_of_firm
from cabinet.clients.access import visible_clients
from cabinet.clients.details import CompanyDetails, Organisation, fold
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import (
    AlreadyFollowed,
    FileCodeTaken,
    OverlappingYear,
    UnknownManager,
    UnknownPortfolio,
    WouldBeInvisible,
    change_client,
    complete_from_registry,
    create_client,
    erase_client,
    open_year,
    refuse_when_inactive,
    set_active,
)
from cabinet.keys.ring import master_keys
from tests.cabinet.factories import make_client, make_collaborator, make_portfolio, make_siret, make_year
from tests.cabinet.people import People

DETAILS = CompanyDetails(siret=make_siret(9001), name="Élevage du Pré-Haut", ape="01.47Z", town="Laval")


def details_of(client: Client) -> CompanyDetails:
    names = CompanyDetails.__dataclass_fields__
    return CompanyDetails(**{name: getattr(client, name) for name in names})


def organisation_of(client: Client, **changes: Any) -> Organisation:
    held = tuple(client.portfolios.values_list("id", flat=True))
    return replace(Organisation(client.manager_id, held, client.file_code), **changes)


def test_creating_is_written_down(people: People) -> None:
    client = create_client(
        actor=people.actor("manager"),
        details=DETAILS,
        organisation=Organisation(people.manager.id, file_code="E1"),
    )
    assert (client.siren, client.search_name) == (DETAILS.siret[:9], "elevage du pre-haut")
    assert bytes(client.master_name) == master_keys()[0].name
    assert len(client.salt) == 32
    (entry,) = entries_of_client(client.id)
    assert (entry.action, entry.actor_label) == ("client.created", "Inès Benamara")
    assert entry.changes == {"siret": [None, DETAILS.siret], "responsable": [None, "Inès Benamara"]}


def test_what_a_draft_reserved_is_kept(people: People) -> None:
    reserved = Client(salt=b"r" * 32)
    client = create_client(
        actor=people.actor("manager"),
        details=DETAILS,
        organisation=Organisation(people.manager.id),
        client_id=reserved.id,
        salt=b"r" * 32,
        master_name=b"abcd",
    )
    assert (client.id, bytes(client.salt), bytes(client.master_name)) == (reserved.id, b"r" * 32, b"abcd")


def test_a_siret_is_followed_once_by_a_firm_and_may_be_by_another(people: People) -> None:
    details = replace(DETAILS, siret=people.client.siret)
    with pytest.raises(AlreadyFollowed):
        create_client(actor=people.actor("outside"), details=details, organisation=Organisation(people.outside.id))
    other = create_client(
        actor=people.actor("stranger"), details=details, organisation=Organisation(people.stranger.id)
    )
    assert other.firm == people.other_firm


@pytest.mark.parametrize("code", ["T0412", "t0412"])
def test_a_file_code_serves_once(people: People, code: str) -> None:
    with pytest.raises(FileCodeTaken):
        create_client(
            actor=people.actor("manager"),
            details=DETAILS,
            organisation=Organisation(people.manager.id, file_code=code),
        )


def test_the_database_itself_keeps_numbers_apart(people: People) -> None:
    for columns in ({"siret": people.client.siret, "file_code": ""}, {"siret": "0" * 14, "file_code": "t0412"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.create(
                firm=people.firm, manager=people.manager, master_name=b"x", siren="0" * 9, name="x", **columns
            )
    for siret in ("1" * 14, "2" * 14):
        Client.objects.create(
            firm=people.firm, manager=people.manager, master_name=b"x", siren="0" * 9, name="x", siret=siret
        )


@pytest.mark.parametrize("which", ["stranger", "respondent", "gone"])
def test_the_manager_is_an_active_colleague_with_a_login(people: People, which: str) -> None:
    person = people.stranger if which == "stranger" else make_collaborator(people.firm, with_login=which == "gone")
    if which == "gone":
        person.is_active = False
        person.save()
    with pytest.raises(UnknownManager):
        create_client(actor=people.actor("administrator"), details=DETAILS, organisation=Organisation(person.id))


def test_a_portfolio_out_of_reach_cannot_be_chosen(people: People) -> None:
    foreign = make_portfolio(people.other_firm)
    for name, portfolio in (("administrator", foreign), ("outside", people.portfolio)):
        with pytest.raises(UnknownPortfolio):
            create_client(
                actor=people.actor(name),
                details=DETAILS,
                organisation=Organisation(people.outside.id, (portfolio.id,)),
            )
    assert not Client.objects.filter(siret=DETAILS.siret).exists()


def test_nobody_creates_what_they_cannot_see(people: People) -> None:
    actor = people.actor("inside")
    with pytest.raises(WouldBeInvisible):
        create_client(actor=actor, details=DETAILS, organisation=Organisation(people.manager.id))
    mine = create_client(
        actor=actor, details=DETAILS, organisation=Organisation(people.manager.id, (people.portfolio.id,))
    )
    assert mine in visible_clients(actor)
    anybody = create_client(
        actor=people.actor("expert"),
        details=replace(DETAILS, siret=make_siret(9002)),
        organisation=Organisation(people.manager.id),
    )
    assert anybody in visible_clients(people.actor("expert"))


def test_a_client_is_counted_once_when_a_portfolio_is_named_twice(people: People) -> None:
    twice = (people.portfolio.id, people.portfolio.id)
    client = create_client(
        actor=people.actor("inside"), details=DETAILS, organisation=Organisation(people.inside.id, twice)
    )
    assert list(client.portfolios.all()) == [people.portfolio]


def test_changing_writes_before_and_after(people: People) -> None:
    corrected = {"name": "BISCUITERIE DU FOUR"}
    details = replace(details_of(people.client), name="Biscuiterie du Four", town="Mayenne", corrected=corrected)
    organisation = organisation_of(
        people.client, manager_id=people.expert.id, contact_name="Yann Le Bris", portfolio_ids=()
    )
    changed = change_client(
        actor=people.actor("administrator"), client=people.client, details=details, organisation=organisation
    )
    assert (changed.name, changed.search_name, changed.manager) == (
        "Biscuiterie du Four",
        "biscuiterie du four",
        people.expert,
    )
    entry = entries_of_client(people.client.id)[0]
    assert entry.action == "client.changed"
    assert entry.changes == {
        "name": ["Biscuiterie Ternanteau", "Biscuiterie du Four"],
        "town": ["Ernée", "Mayenne"],
        "contact_name": ["", "Yann Le Bris"],
        "responsable": ["Inès Benamara", "Claire Dubreuil"],
        "portefeuilles": ["Agroalimentaire", ""],
    }


def test_changing_nothing_writes_nothing(people: People) -> None:
    before = LogEntry.objects.count()
    change_client(
        actor=people.actor("inside"),
        client=people.client,
        details=details_of(people.client),
        organisation=organisation_of(people.client),
    )
    assert LogEntry.objects.count() == before


def test_portfolios_hidden_from_the_actor_are_kept(people: People) -> None:
    hidden = make_portfolio(people.firm, "Santé")
    people.client.portfolios.add(hidden)
    change_client(
        actor=people.actor("manager"),
        client=people.client,
        details=details_of(people.client),
        organisation=organisation_of(people.client, portfolio_ids=()),
    )
    assert set(people.client.portfolios.all()) == {hidden, people.portfolio}
    change_client(
        actor=people.actor("inside"),
        client=people.client,
        details=details_of(people.client),
        organisation=organisation_of(people.client, portfolio_ids=(), manager_id=people.inside.id),
    )
    assert set(people.client.portfolios.all()) == {hidden}


def test_a_manager_who_left_may_stay_until_handed_over(people: People) -> None:
    people.manager.is_active = False
    people.manager.save()
    change_client(
        actor=people.actor("administrator"),
        client=people.client,
        details=replace(details_of(people.client), town="Mayenne"),
        organisation=organisation_of(people.client),
    )
    people.client.refresh_from_db()
    assert people.client.town == "Mayenne"


def test_a_change_respects_the_numbers_of_the_others(people: People) -> None:
    other = make_client(people.firm, people.manager, file_code="A1")
    actor = people.actor("administrator")
    with pytest.raises(AlreadyFollowed):
        change_client(
            actor=actor,
            client=other,
            details=replace(details_of(other), siret=people.client.siret),
            organisation=organisation_of(other),
        )
    with pytest.raises(FileCodeTaken):
        change_client(
            actor=actor,
            client=other,
            details=details_of(other),
            organisation=organisation_of(other, file_code="t0412"),
        )


def test_a_collaborator_cannot_hand_over_what_they_would_no_longer_see(people: People) -> None:
    lone = make_client(people.firm, people.outside)
    with pytest.raises(WouldBeInvisible):
        change_client(
            actor=people.actor("outside"),
            client=lone,
            details=details_of(lone),
            organisation=organisation_of(lone, manager_id=people.manager.id),
        )


def test_deactivating_and_back(people: People) -> None:
    actor = people.actor("administrator")
    set_active(actor=actor, client=people.client, active=False)
    with pytest.raises(PermissionDenied):
        refuse_when_inactive(people.client)
    set_active(actor=actor, client=people.client, active=False)
    set_active(actor=actor, client=people.client, active=True)
    refuse_when_inactive(people.client)
    actions = [entry.action for entry in entries_of_client(people.client.id)]
    assert actions[:2] == ["client.reactivated", "client.deactivated"]
    assert actions.count("client.deactivated") == 1


def test_erasing_leaves_one_line_without_name_nor_number(people: People) -> None:
    name, siret, client_id = people.client.name, people.client.siret, people.client.id
    make_year(people.client)
    erase_client(actor=people.actor("administrator"), client=people.client, counts="26 fichiers, 3 exercices")
    assert not Client.objects.filter(id=client_id).exists()
    assert not FiscalYear.objects.filter(client_id=client_id).exists()
    assert not entries_of_client(client_id).exists()
    entry = entries_of_firm(people.firm.id)[0]
    assert (entry.action, entry.object_label) == ("client.deleted", "26 fichiers, 3 exercices")
    left = " ".join(f"{line.object_label} {line.changes}" for line in entries_of_firm(people.firm.id))
    assert name not in left
    assert siret not in left


def test_years_do_not_overlap(people: People) -> None:
    actor = people.actor("manager")
    year = make_year(people.client, 2025)
    assert open_year(actor=actor, client=people.client, start=year.start, end=year.end) == year
    for start, end in ((date(2025, 12, 31), date(2026, 12, 30)), (date(2024, 2, 1), date(2025, 1, 1))):
        with pytest.raises(OverlappingYear):
            open_year(actor=actor, client=people.client, start=start, end=end)
    beside = open_year(actor=actor, client=people.client, start=date(2024, 7, 1), end=date(2024, 12, 31))
    across = open_year(actor=actor, client=people.client, start=date(2026, 1, 1), end=date(2027, 3, 31))
    assert [year.label for year in (year, beside, across)] == ["2025", "2024", "2026-2027"]
    with pytest.raises(IntegrityError), transaction.atomic():
        FiscalYear.objects.create(client=people.client, start=date(2030, 1, 1), end=date(2029, 1, 1))


def test_the_registry_completes_and_never_overwrites(people: People) -> None:
    client = make_client(people.firm, people.manager, name="Nom tapé", ape="", town="", to_complete=True)
    when = timezone.now()
    complete_from_registry(
        actor=people.actor("manager"),
        client=client,
        details=CompanyDetails(
            siret=client.siret,
            name="NOM DU REGISTRE",
            ape="10.71C",
            town="Laval",
            registry_source="demo",
            registry_at=when,
        ),
    )
    client.refresh_from_db()
    assert (client.name, client.ape, client.town) == ("Nom tapé", "10.71C", "Laval")
    assert (client.to_complete, client.registry_source, client.registry_at) == (False, "demo", when)
    entry = entries_of_client(client.id)[0]
    assert entry.action == "client.completed"
    assert entry.changes == {"ape": [None, "10.71C"], "town": [None, "Laval"], "registry_source": [None, "demo"]}


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Électricité  BROSSINIER", "electricite brossinier"), ("L’Œuf", "l’œuf"), (" ", ""), ("Straße", "strasse")],
)
def test_names_are_compared_without_case_nor_accent(text: str, folded: str) -> None:
    assert fold(text) == folded
