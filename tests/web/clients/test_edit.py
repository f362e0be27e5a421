"""*Modifier*, the registry asked again, and *Supprimer*."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse

from bocage.registry import Unavailable, UnavailableReason
from cabinet.audit.selectors import entries_of_client, entries_of_firm
from cabinet.clients.models import Client
from cabinet.clients.watch import news_of, note_outcome
from cabinet.registry.services import look_up
from tests.cabinet.factories import make_client, make_import, make_mission, make_portfolio, make_siret, make_year
from tests.cabinet.onboarding.drafting import MOVED, MOVED_TO, TWICE
from tests.cabinet.people import People

DEMO = "00001234400016"


def sent(client: Client, **changes: object) -> dict[str, object]:
    """The form as the page shows it, with changes."""
    values: dict[str, object] = {
        name: getattr(client, name) or ""
        for name in ("siret", "name", "ape", "street", "postcode", "town", "country", "idcc", "file_code")
    }
    held = [str(one) for one in client.portfolios.values_list("id", flat=True)]
    return values | {"manager": str(client.manager_id), "portfolios": held} | changes


def post(people: People, client: Client, who: str = "administrator", **changes: object) -> HttpResponse:
    return people.browser(who).post(reverse("client_edit", args=[client.id]), sent(client, **changes))


def test_saving_leads_to_the_dossier(people: People) -> None:
    response = post(people, people.client, name="Biscuiterie du Four", contact_email="yann@biscuiterie.test")
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("dossier_overview", args=[people.client.id])
    people.client.refresh_from_db()
    assert (people.client.name, people.client.contact_email) == ("Biscuiterie du Four", "yann@biscuiterie.test")
    assert entries_of_client(people.client.id)[0].actor_label == "Solène Hautbois"


def test_every_field_can_be_changed(people: People) -> None:
    other = make_portfolio(people.firm, "Santé")
    response = post(
        people,
        people.client,
        siret=make_siret(9100),
        ape="1071c",
        legal_form="5710",
        is_head_office="True",
        opened_on="2001-02-03",
        closed_on="2026-01-31",
        size_band="11",
        idcc="0843",
        street="1 place du Marché",
        postcode="53000",
        town="Laval",
        country="Belgique",
        manager=str(people.expert.id),
        portfolios=[str(other.id)],
        file_code="B9",
        contact_name="Yann Le Bris",
    )
    assert response.status_code == 302
    client = Client.objects.get(id=people.client.id)
    assert (client.siret, client.siren, client.ape) == (make_siret(9100), make_siret(9100)[:9], "10.71C")
    assert (client.legal_form, client.is_head_office, client.size_band) == ("5710", True, "11")
    assert (client.opened_on, client.closed_on) == (date(2001, 2, 3), date(2026, 1, 31))
    assert (client.idcc, client.street, client.postcode, client.town) == ("0843", "1 place du Marché", "53000", "Laval")
    assert (client.country, client.file_code, client.contact_name) == ("Belgique", "B9", "Yann Le Bris")
    assert client.manager == people.expert
    assert list(client.portfolios.all()) == [other]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"siret": "000 000 067 0001"}, "Il manque 1 chiffre"),
        ({"siret": "00000006700018"}, "clé de contrôle"),
        ({"siret": ""}, "Ce champ est nécessaire."),
        ({"name": ""}, "Ce champ est nécessaire."),
        ({"ape": "pain"}, "quatre chiffres et une lettre"),
        ({"contact_email": "yann"}, "nom@domaine.fr"),
        ({"file_code": "g1"}, "code dossier est celui d’un autre client"),
        ({"manager": ""}, "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(people: People, changes: dict[str, object], words: str) -> None:
    make_client(people.firm, people.expert, file_code="G1")
    response = post(people, people.client, town="Ailleurs", **changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Rien n’est enregistré." in response.content.decode()
    people.client.refresh_from_db()
    assert people.client.town == "Ernée"


def test_a_siret_already_followed_is_refused(people: People) -> None:
    other = make_client(people.firm, people.expert)
    response = post(people, people.client, siret=other.siret)
    assert "suit déjà un client sous ce SIRET" in response.content.decode()


def test_another_company_cannot_take_over_a_dossier_with_files(people: People) -> None:
    make_import(people.client)
    response = post(people, people.client, siret=make_siret(9101))
    assert response.status_code == 422
    assert "un autre SIREN est un autre client" in response.content.decode()
    sister = people.client.siret[:9] + make_siret(int(people.client.siret[:8]), 2)[9:]
    assert post(people, people.client, siret=sister).status_code == 302


def test_nobody_hands_over_what_they_would_no_longer_see(people: People) -> None:
    lone = make_client(people.firm, people.outside)
    response = post(people, lone, "outside", manager=str(people.manager.id))
    assert response.status_code == 422
    assert "Vous ne verriez plus ce client" in response.content.decode()


def test_a_forged_choice_is_no_choice(people: People) -> None:
    foreign = make_portfolio(people.other_firm)
    assert post(people, people.client, portfolios=[str(foreign.id)]).status_code == 422
    assert post(people, people.client, manager=str(people.stranger.id)).status_code == 422


def demo_client(people: People, **details: object) -> Client:
    return make_client(people.firm, people.manager, **({"siret": DEMO, "name": "Nom d’usage"} | details))


def test_asking_again_shows_differences_and_overwrites_nothing(people: People) -> None:
    client, known = demo_client(people, town="Ailleurs"), look_up(DEMO).details
    assert known is not None
    response = post(people, client, action="ask", contact_name="Tapé, pas enregistré")
    html = response.content.decode()
    asked = response.context["edit"].asked
    shown = {one.name: (one.held, one.found) for one in asked.differences}
    assert response.status_code == 200
    assert shown["name"] == ("Nom d’usage", known.name)
    assert shown["town"] == ("Ailleurs", known.town)
    assert "Ce que dit le registre" in html
    assert "Tapé, pas enregistré" in html
    client.refresh_from_db()
    assert (client.town, client.contact_name) == ("Ailleurs", "")


def test_only_what_is_ticked_is_taken_and_saving_says_where_it_comes_from(people: People) -> None:
    client, known = demo_client(people, town="Ailleurs"), look_up(DEMO).details
    assert known is not None
    taken = post(people, client, action="take", asked="1", take=["town", "ape", "siret", "manager"])
    initial = taken.context["edit"].form.initial
    assert (initial["town"], initial["ape"], initial["name"]) == (known.town, known.ape, "Nom d’usage")
    assert taken.context["edit"].taken == 2
    client.refresh_from_db()
    assert client.town == "Ailleurs"
    saved = post(people, client, asked="1", town=known.town, ape=known.ape, street=known.street)
    assert saved.status_code == 302
    client.refresh_from_db()
    assert (client.town, client.registry_source, client.to_complete) == (known.town, "demo", False)
    assert client.registry_at is not None
    assert client.corrected["name"] == known.name
    assert "town" not in client.corrected


def test_a_corrected_field_says_so(people: People) -> None:
    client = demo_client(people, registry_source="demo", corrected={"name": "NOM DU REGISTRE"})
    html = people.browser("administrator").get(reverse("client_edit", args=[client.id])).content.decode()
    assert "Corrigée par vous" in html
    assert "NOM DU REGISTRE" in html


def test_going_back_to_the_registry_s_value_is_no_correction(people: People) -> None:
    client = demo_client(people, registry_source="demo", corrected={"name": "NOM DU REGISTRE"})
    post(people, client, name="NOM DU REGISTRE")
    client.refresh_from_db()
    assert client.corrected == {}


def test_when_the_registry_agrees(people: People) -> None:
    known = look_up(DEMO).details
    assert known is not None
    client = demo_client(people)
    changes = {
        name: getattr(known, name) or ""
        for name in ("name", "ape", "street", "postcode", "town", "country", "legal_form", "size_band")
    }
    response = post(
        people,
        client,
        action="ask",
        idcc=", ".join(known.idcc),
        is_head_office=str(known.is_head_office),
        opened_on=known.opened_on.isoformat() if known.opened_on else "",
        **changes,
    )
    assert response.context["edit"].asked.differences == ()
    assert "Le registre dit la même chose." in response.content.decode()


@pytest.mark.parametrize(("siret", "words"), [(make_siret(9102), "registre"), ("123", "chiffre")])
def test_when_the_registry_has_nothing_to_say(people: People, siret: str, words: str) -> None:
    response = post(people, people.client, action="ask", siret=siret)
    assert response.status_code == 200
    asked = response.context["edit"].asked
    assert not asked.found
    assert words in asked.warning.message.lower()


def test_when_the_registry_is_down(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    down = Unavailable(UnavailableReason.TIMEOUT)
    monkeypatch.setattr("cabinet.registry.demo.DemoRegistry.find", lambda self, number, seconds: down)
    response = post(people, people.client, action="ask", town="Tapé")
    assert response.status_code == 200
    assert "Tapé" in response.content.decode()
    assert not response.context["edit"].asked.found


def test_deleting_asks_for_the_name(people: People) -> None:
    make_import(people.client, year=make_year(people.client))
    make_mission(people.client)
    url, browser = reverse("client_delete", args=[people.client.id]), people.browser("administrator")
    html = browser.get(url).content.decode()
    for words in ("1\u00a0fichier", "1\u00a0exercice", "1\u00a0mission", "une ligne du journal"):
        assert words in html
    for typed in ("", "Biscuiterie", "Garage Pellouin"):
        refused = browser.post(url, {"name": typed})
        assert refused.status_code == 422
        assert "n’est pas celui du client" in refused.content.decode()
    assert Client.objects.filter(id=people.client.id).exists()


@pytest.mark.parametrize("typed", ["Biscuiterie Ternanteau", "  biscuiterie   ternanteau "])
def test_deleting_leaves_one_line(people: People, typed: str) -> None:
    client_id = people.client.id
    response = people.browser("administrator").post(
        reverse("client_delete", args=[client_id]), {"name": typed}, follow=True
    )
    assert "Biscuiterie Ternanteau est supprimé." in response.content.decode()
    assert not Client.objects.filter(id=client_id).exists()
    entry = entries_of_firm(people.firm.id)[0]
    assert (entry.action, "Ternanteau" in entry.object_label) == ("client.deleted", False)
    assert people.browser("administrator").get(reverse("dossier_overview", args=[client_id])).status_code == 404


def test_what_the_scheduled_work_found_is_shown_taken_and_settled(people: People) -> None:
    known = look_up(DEMO).details
    assert known is not None
    same = {name: getattr(known, name) for name in ("name", "ape", "street", "postcode")}
    client = demo_client(people, **same | {"town": "Ailleurs", "registry_source": "demo"})
    note_outcome(client.id, client.siret, look_up(DEMO))
    response = people.browser("administrator").get(reverse("client_edit", args=[client.id]))
    html = response.content.decode()
    assert [one.name for one in response.context["edit"].asked.differences] == ["town"]
    assert "Ne plus signaler" in html
    assert "Registre de démonstration, lu aujourd’hui" in html
    taken = post(people, client, action="take", asked="1", take=["town"])
    assert taken.context["edit"].form.initial["town"] == known.town
    assert post(people, client, asked="1", town=known.town).status_code == 302
    assert news_of(client) is None
    [line] = entries_of_client(client.id)[:1]
    assert line.changes["town"] == ["Ailleurs", known.town]


def test_keeping_one_s_own_value_settles_it_too(people: People) -> None:
    client = demo_client(people, town="Ailleurs", registry_source="demo")
    note_outcome(client.id, client.siret, look_up(DEMO))
    assert news_of(client) is not None
    assert post(people, client, asked="1").status_code == 302
    assert news_of(client) is None
    client.refresh_from_db()
    assert client.corrected["town"] == "Bourg-en-Bresse"


def test_dismissing(people: People) -> None:
    client = demo_client(people, town="Ailleurs", registry_source="demo")
    note_outcome(client.id, client.siret, look_up(DEMO))
    response = post(people, client, action="dismiss", town="Tapé")
    assert response.headers["Location"] == reverse("client_edit", args=[client.id])
    assert news_of(client) is None
    client.refresh_from_db()
    assert client.town == "Ailleurs"
    assert entries_of_client(client.id)[0].action == "client.registry_dismissed"


def test_a_closed_establishment_gives_its_place_to_the_one_that_follows(people: People) -> None:
    client = demo_client(people, siret=MOVED)
    note_outcome(client.id, client.siret, look_up(MOVED))
    url = reverse("client_edit", args=[client.id])
    html = people.browser("administrator").get(url).content.decode()
    assert "Cet établissement est fermé depuis le 30/06/2019." in html
    asked = post(people, client, follow=MOVED_TO)
    form, panel = asked.context["edit"].form, asked.context["edit"].asked
    assert form.initial["siret"].replace("\u00a0", "") == MOVED_TO
    assert (panel.warning.message, panel.following) == ("", ())
    assert post(people, client, siret=MOVED_TO, asked="1").status_code == 302
    client.refresh_from_db()
    assert client.siret == MOVED_TO
    assert news_of(client) is None


def test_a_company_registered_twice_offers_the_establishments_of_the_number_kept(people: People) -> None:
    client = demo_client(people, siret=TWICE)
    note_outcome(client.id, client.siret, look_up(TWICE))
    html = people.browser("administrator").get(reverse("client_edit", args=[client.id])).content.decode()
    assert "l’Insee a gardé le SIREN 000\u00a0069\u00a0427" in html
    asked = post(people, client, action="ask").context["edit"].asked
    assert not asked.found
    assert [one.siret[:9] for one in asked.following] == ["000069427"]


def test_both_codes_of_the_activity_are_kept(people: People) -> None:
    assert post(people, people.client, ape="10.71C", ape_2025="1071y").status_code == 302
    people.client.refresh_from_db()
    assert (people.client.ape, people.client.ape_2025) == ("10.71C", "10.71Y")
    assert post(people, people.client, ape_2025="boulanger").status_code == 422
