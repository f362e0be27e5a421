"""The screens of people and groups in Chromium: accessible, whole at both widths, and kept as pictures when asked."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cabinet.accounts.invitations import Sent, invite
from cabinet.accounts.models import Collaborator, Group
from cabinet.accounts.permissions import Role
from cabinet.accounts.services import Person, create_collaborator, deactivate
from tests.cabinet.factories import make_client, make_collaborator, make_group, make_mission, make_portfolio
from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, shoot, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def invited(people: People) -> Sent:
    """A firm with somebody in each state, and the invitation of one of them."""
    actor = people.actor("administrator")
    group = Group.objects.get(firm=people.firm, role=Role.COLLABORATOR)
    newcomer = create_collaborator(
        actor=actor, person=Person("Jonas", "Quéméner", "jonas@cabinet.test"), group=group, with_login=True
    )
    late = create_collaborator(
        actor=actor, person=Person("Élise", "Rambaud", "elise@cabinet.test"), group=group, with_login=True
    )
    make_collaborator(people.firm, first_name="Hugo", last_name="Vasseur", with_login=False)
    gone = make_collaborator(people.firm, first_name="Nadia", last_name="Perrin")
    deactivate(actor=actor, collaborator=gone)
    Collaborator.objects.filter(id=people.expert.id).update(position="expert", is_director=True)
    make_portfolio(people.firm, "Mayenne Nord", responsables=[people.manager], members=[people.inside])
    make_client(people.firm, people.manager, name="Garage Pellouin")
    make_mission(people.client, people.manager)
    payroll = make_group(people.firm, "dossier.view", "data.import", name="Collaborateur paye")
    Collaborator.objects.filter(id__in=[people.outside.id, late.id]).update(group=payroll)
    return invite(actor=actor, person=newcomer)


def addresses(people: People, invited: Sent) -> dict[str, str]:
    person, newcomer = people.manager.id, invited.invitation.collaborator_id
    payroll = Group.objects.get(name="Collaborateur paye").id
    return {
        "collaborator_list": reverse("collaborator_list") + "?etat=tous",
        "collaborator_list-rien": reverse("collaborator_list") + "?q=personne",
        "collaborator": reverse("collaborator", args=[person]),
        "collaborator-invite": reverse("collaborator", args=[newcomer]),
        "collaborator_create": reverse("collaborator_create"),
        "collaborator_edit": reverse("collaborator_edit", args=[person]),
        "collaborator_deactivate": reverse("collaborator_deactivate", args=[person]),
        "collaborator_delete": reverse("collaborator_delete", args=[person]),
        "group_list": reverse("group_list"),
        "group": reverse("group", args=[payroll]),
        "group_create": reverse("group_create"),
        "group_edit": reverse("group_edit", args=[payroll]),
        "group_delete": reverse("group_delete", args=[payroll]),
    }


def test_every_screen_of_people(people: People, invited: Sent, surfer: Surfer) -> None:
    visit(surfer.page(people.administrator), addresses(people, invited))
    doors = {"invitation": invited.secret, "invitation-perimee": "perdu"}
    visit(surfer.page(), {name: reverse("invitation", args=[secret]) for name, secret in doors.items()})


def test_a_collaborator_is_created_and_sent_away(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto(reverse("collaborator_list"))
    page.get_by_role("link", name="Nouveau collaborateur").click()
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est enregistré")
    assert_accessible(page)
    shoot(page, "collaborator_create-refuse")
    page.get_by_label("Prénom").fill("Jonas")
    page.get_by_label("Nom", exact=True).fill("Quéméner")
    page.get_by_label("E-mail").fill("jonas@cabinet.test")
    page.get_by_label("Groupe").select_option(label="Collaborateur")
    page.get_by_label("Agroalimentaire").check()
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_text("L’invitation est envoyée à jonas@cabinet.test")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas Quéméner")
    page.goto(reverse("collaborator_list"))
    page.get_by_role("searchbox", name="Nom ou e-mail").press_sequentially("quemen")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("summary[aria-label='Actions pour Jonas Quéméner']").click()
    page.get_by_role("link", name="Supprimer…").click()
    button = page.get_by_role("button", name="Supprimer", exact=True)
    expect(button).to_be_disabled()
    page.get_by_label("Tapez le nom du collaborateur pour confirmer").fill("Jonas Quéméner")
    button.click()
    expect(page.get_by_text("Jonas Quéméner est supprimé(e).")).to_be_visible()
