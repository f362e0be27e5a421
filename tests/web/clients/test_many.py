"""Acts on many clients, exports and saved filters: exactly what is asked for, to who may, written in the journal."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.audit.models import LogEntry
from cabinet.clients.bulk import CHUNK, Act, Left, PlanMoved, carry_out, plan
from cabinet.clients.models import Client, SavedFilter
from cabinet.clients.saved_filters import LIMIT
from cabinet.web.components.sheets import stream_csv
from tests.cabinet.factories import make_client, make_portfolio
from tests.cabinet.people import People


def post(people: People, who: str, route: str, /, *args: object, query: str = "", **sent: object) -> HttpResponse:
    return people.browser(who).post(reverse(route, args=args) + query, sent)


def exported(people: People, who: str = "administrator", query: str = "") -> list[str]:
    response = post(people, who, "client_export", "csv", query=query)
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


# Exports


def test_the_export_is_what_the_list_shows(people: People) -> None:
    make_client(people.firm, people.expert, name="Scierie", town="Laval")
    make_client(people.firm, people.expert, name="Ancienne", active=False)
    head, *rows = exported(people)
    assert head.startswith("Nom;SIRET;SIREN;")
    assert [row.split(";")[0] for row in rows] == ["Biscuiterie Ternanteau", "Scierie"]
    assert people.client.siret in rows[0]
    assert "Agroalimentaire" in rows[0]
    assert [row.split(";")[0] for row in exported(people, query="?q=scie&etat=tous")[1:]] == ["Scierie"]
    assert exported(people, query="?tri=-nom")[1].startswith("Scierie;")


def test_the_export_holds_visible_clients_only(people: People) -> None:
    people.client.portfolios.add(make_portfolio(people.firm, "Secret"))
    make_client(people.firm, people.expert, name="Scierie")
    assert len(exported(people, "inside", "?etat=tous")) == 2
    assert "Secret" not in "".join(exported(people, "inside"))
    assert len(exported(people, "outside")) == 1
    assert "Ternanteau" not in "".join(exported(people, "stranger"))


def test_no_text_becomes_a_formula(people: People) -> None:
    make_client(people.firm, people.expert, name='=HYPERLINK("http://x.test")', file_code="+33")
    assert any(line.startswith("\"'=HYPERLINK") and "'+33" in line for line in exported(people))
    response = post(people, "administrator", "client_export", "xlsx")
    sheet = load_workbook(BytesIO(b"".join(response))).active  # type: ignore[arg-type]
    names = {row[0].value for row in sheet.iter_rows(min_row=2)}  # type: ignore[union-attr]
    assert names == {"Biscuiterie Ternanteau", '\'=HYPERLINK("http://x.test")'}
    assert sheet.cell(1, 2).value == "SIRET"  # type: ignore[union-attr]


def test_an_export_is_written_in_the_journal(people: People) -> None:
    exported(people, "inside", "?q=bisc")
    entry = LogEntry.objects.get(action="clients.exported")
    assert (entry.object_label, entry.actor_id) == ("1 client, CSV", people.inside.id)
    assert entry.changes == {"filtre": [None, "«\u00a0bisc\u00a0»"]}


def test_a_form_that_does_not_exist_is_not_found(people: People) -> None:
    assert post(people, "administrator", "client_export", "pdf").status_code == 404


def test_a_sheet_is_sent_piece_by_piece() -> None:
    pieces = stream_csv([(rank,) for rank in range(450)])
    assert [piece.count(b"\n") for piece in pieces] == [0, 200, 200, 50]


# Acts on many


@pytest.fixture
def three(people: People) -> list[Client]:
    return [make_client(people.firm, people.manager, name=f"Client {rank}") for rank in range(3)]


def test_a_selection_is_confirmed_then_changed(people: People, three: list[Client]) -> None:
    chosen = [str(client.id) for client in three[:2]]
    page = post(people, "administrator", "client_act", act="deactivate", client=chosen)
    html = page.content.decode()
    assert "Désactiver 2\u00a0clients" in html
    assert "Client 0" in html
    assert "Client 2" not in html
    assert Client.objects.filter(is_active=False).count() == 0
    seen = page.context["page"].plan.fingerprint
    done = post(people, "administrator", "client_act", act="deactivate", client=chosen, vu=seen)
    assert done.headers["Location"] == reverse("client_list")
    assert set(Client.objects.filter(is_active=False)) == set(three[:2])
    lines = LogEntry.objects.filter(action="client.deactivated")
    assert {line.client_id for line in lines} == {client.id for client in three[:2]}
    assert {line.actor_id for line in lines} == {people.administrator.id}


def test_every_filtered_client_and_no_other(people: People, three: list[Client]) -> None:
    query = "?q=client"
    target = make_portfolio(people.firm, "Mayenne", responsables=[people.administrator])
    page = post(people, "administrator", "client_act", query=query, act="join", tous="1")
    assert "Continuer" in page.content.decode()
    page = post(people, "administrator", "client_act", query=query, act="join", tous="1", cible=str(target.id))
    html = page.content.decode()
    assert "Ajouter 3\u00a0clients à un portefeuille" in html
    assert "«\u00a0client\u00a0»" in html
    sent = {"act": "join", "tous": "1", "cible": str(target.id), "vu": page.context["page"].plan.fingerprint}
    done = post(people, "administrator", "client_act", query=query, **sent)
    assert done.headers["Location"] == reverse("client_list") + query
    assert set(target.clients.all()) == set(three)
    assert LogEntry.objects.filter(changes={"portefeuilles": [None, "Mayenne"]}).count() == 3


def test_what_moved_since_is_not_done(people: People, three: list[Client]) -> None:
    page = post(people, "administrator", "client_act", act="deactivate", tous="1")
    seen = page.context["page"].plan.fingerprint
    make_client(people.firm, people.manager, name="Arrivé entre-temps")
    again = post(people, "administrator", "client_act", act="deactivate", tous="1", vu=seen)
    assert again.status_code == 409
    assert "Rien n’a été fait" in again.content.decode()
    assert not Client.objects.filter(is_active=False).exists()


@pytest.mark.parametrize("sent", [{}, {"act": "x"}, {"act": "deactivate"}, {"act": "deactivate", "client": ["x"]}])
def test_nothing_chosen_leads_back_to_the_list(people: People, sent: dict[str, object]) -> None:
    response = post(people, "administrator", "client_act", query="?q=bisc", **sent)
    assert response.headers["Location"] == reverse("client_list") + "?q=bisc"


def test_clients_out_of_sight_are_never_touched(people: People, three: list[Client]) -> None:
    hidden = [str(three[0].id), str(people.other_client.id)]
    for act in ("join", "leave", "hand_over"):
        assert post(people, "inside", "client_act", act=act, client=hidden).status_code == 302
    actor, everyone = people.actor("inside"), Client.objects.all()
    made = plan(actor=actor, clients=everyone, act=Act.HAND_OVER, target=people.expert)
    assert [client_id for client_id, _name in made.changing] == [people.client.id]


def test_the_permission_is_that_of_the_single_act(people: People) -> None:
    chosen = [str(people.client.id)]
    assert post(people, "inside", "client_act", act="deactivate", client=chosen).status_code == 403
    assert post(people, "inside", "client_act", act="join", client=chosen).status_code == 200
    html = people.browser("inside").get(reverse("client_list")).content.decode()
    assert "Changer de responsable" in html
    assert 'value="deactivate"' not in html


def test_a_portfolio_that_is_not_theirs_is_no_target(people: People) -> None:
    hidden = make_portfolio(people.firm, "Secret")
    sent = {"act": "join", "client": [str(people.client.id)], "cible": str(hidden.id), "vu": "x"}
    page = post(people, "inside", "client_act", **sent)
    assert "Faites un choix" in page.content.decode()
    assert "Secret" not in page.content.decode()
    assert not hidden.clients.exists()


def test_what_stays_and_why(people: People, three: list[Client]) -> None:
    other = make_client(people.firm, people.expert, name="Ancienne", active=False)
    three[0].portfolios.add(people.portfolio)
    made = plan(
        actor=people.actor("administrator"), clients=Client.objects.all(), act=Act.JOIN, target=people.portfolio
    )
    assert {client_id for client_id, _name in made.changing} == {three[1].id, three[2].id}
    assert made.left == {Left.ALREADY: 2, Left.INACTIVE: 1}
    page = post(people, "administrator", "client_act", query="?etat=tous", act="deactivate", tous="1")
    assert "1\u00a0client l’est déjà." in page.content.decode()
    assert other.name not in page.content.decode()


def test_nobody_loses_sight_of_what_they_change(people: People, three: list[Client]) -> None:
    manager, inside = people.actor("manager"), people.actor("inside")
    handed = plan(actor=manager, clients=Client.objects.all(), act=Act.HAND_OVER, target=people.expert)
    assert handed.changing == ()
    assert handed.left == {Left.INVISIBLE: 4}
    left = plan(actor=inside, clients=Client.objects.all(), act=Act.LEAVE, target=people.portfolio)
    assert left.left == {Left.INVISIBLE: 1}
    free = plan(actor=manager, clients=Client.objects.all(), act=Act.LEAVE, target=people.portfolio)
    assert [name for _id, name in free.changing] == ["Biscuiterie Ternanteau"]


@pytest.mark.parametrize(
    ("act", "target", "changes"),
    [
        (Act.HAND_OVER, "expert", {"responsable": ["Inès Benamara", "Claire Dubreuil"]}),
        (Act.LEAVE, "portfolio", {"portefeuilles": ["Agroalimentaire", None]}),
    ],
)
def test_the_journal_says_what_changed(people: People, act: Act, target: str, changes: dict[str, object]) -> None:
    actor, everyone, towards = people.actor("administrator"), Client.objects.all(), getattr(people, target)
    made = plan(actor=actor, clients=everyone, act=act, target=towards)
    carry_out(actor=actor, clients=everyone, act=act, target=towards, seen=made.fingerprint)
    assert LogEntry.objects.filter(action="client.changed", client_id=people.client.id).latest("at").changes == changes
    again = plan(actor=actor, clients=everyone, act=act, target=towards)
    assert again.changing == ()
    with pytest.raises(PlanMoved):
        carry_out(actor=actor, clients=everyone, act=act, target=towards, seen=made.fingerprint)


def test_many_cost_few_queries(people: People, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    columns = {"firm": people.firm, "manager": people.manager, "master_name": b"test"}
    Client.objects.bulk_create(
        Client(siret=f"{rank:014d}", siren=f"{rank:09d}", name=f"C{rank}", search_name=f"c{rank}", **columns)
        for rank in range(CHUNK + 20)
    )
    actor, everyone = people.actor("administrator"), Client.objects.all()
    seen = plan(actor=actor, clients=everyone, act=Act.DEACTIVATE, target=None).fingerprint
    with django_assert_max_num_queries(20):
        carry_out(actor=actor, clients=everyone, act=Act.DEACTIVATE, target=None, seen=seen)
    assert not Client.objects.filter(firm=people.firm, is_active=True).exists()
    assert LogEntry.objects.filter(action="client.deactivated").count() == CHUNK + 21


# Saved filters


def test_a_filter_is_kept_found_again_renamed_and_forgotten(people: People) -> None:
    query = "?q=bisc&donnees=dsn&page=2&etat=x"
    assert "donnees=dsn" in people.browser("inside").get(reverse("client_filters") + query).context["page"].query
    done = post(people, "inside", "client_filters", query=query, name="DSN à réclamer")
    assert done.headers["Location"] == reverse("client_list") + "?q=bisc&donnees=dsn"
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.query) == (people.inside, "q=bisc&donnees=dsn")
    html = people.browser("inside").get(reverse("client_list")).content.decode()
    assert "DSN à réclamer" in html
    assert "?q=bisc&amp;donnees=dsn" in html
    assert "Données\u00a0: DSN absentes" in people.browser("inside").get(reverse("client_filters")).content.decode()
    assert post(people, "inside", "client_filter_rename", saved.id, name="À relancer").status_code == 302
    saved.refresh_from_db()
    assert saved.name == "À relancer"
    assert post(people, "inside", "client_filter_delete", saved.id).status_code == 302
    assert not SavedFilter.objects.exists()
    written = LogEntry.objects.filter(action__startswith="filter.").order_by("at").values_list("action", flat=True)
    assert list(written) == ["filter.saved", "filter.renamed", "filter.deleted"]


def test_filters_are_their_owner_s(people: People) -> None:
    post(people, "inside", "client_filters", query="?q=a", name="Le mien")
    saved = SavedFilter.objects.get()
    for other in ("administrator", "manager", "stranger"):
        assert "Le mien" not in people.browser(other).get(reverse("client_list")).content.decode()
        assert post(people, other, "client_filter_delete", saved.id).status_code == 404
    assert post(people, "manager", "client_filters", query="?q=a", name="Le mien").status_code == 302


def test_what_cannot_be_kept_is_said(people: People) -> None:
    post(people, "inside", "client_filters", query="?q=a", name="Le mien")
    for query, name, words in (
        ("?q=b", "le MIEN", "porte ce nom"),
        ("?q=b", "", "Donnez un nom"),
        ("?q=", "Vide", "Aucun filtre n’est en place"),
    ):
        response = post(people, "inside", "client_filters", query=query, name=name)
        assert response.status_code == 422
        assert words in response.content.decode()
    for rank in range(LIMIT - 1):
        SavedFilter.objects.create(owner=people.inside, name=f"F{rank}", query="q=a")
    assert "50 filtres" in post(people, "inside", "client_filters", query="?q=b", name="Un de trop").content.decode()
    assert SavedFilter.objects.count() == LIMIT


def test_renaming_to_a_name_taken_is_refused_beside_it(people: People) -> None:
    for name in ("Un", "Deux"):
        post(people, "inside", "client_filters", query="?q=a", name=name)
    deux = SavedFilter.objects.get(name="Deux")
    response = post(people, "inside", "client_filter_rename", deux.id, name="un")
    assert response.status_code == 422
    assert "porte ce nom" in response.content.decode()
