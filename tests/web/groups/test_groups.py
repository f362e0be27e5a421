"""Screens of groups: two levels, only what exists, and no right given that one does not hold."""

import pytest
from django.urls import reverse

from cabinet.accounts.models import Group
from cabinet.accounts.permissions import CODES, PERMISSIONS, Role
from tests.cabinet.factories import make_group
from tests.cabinet.people import People


def role(people: People, wanted: Role) -> Group:
    return Group.objects.get(firm=people.firm, role=wanted)


def test_the_table_has_two_levels_and_only_what_exists(people: People) -> None:
    html = people.browser("administrator").get(reverse("group_create")).content.decode()
    assert html.index("Interface cabinet") < html.index("Interface client")
    for permission in PERMISSIONS:
        assert (permission.label in html) is permission.shown, permission.code


def test_the_list_shows_the_firm_s_groups(people: People) -> None:
    make_group(people.firm, name="Paye")
    make_group(people.other_firm, name="Ailleurs")
    response = people.browser("administrator").get(reverse("group_list"))
    assert [line.group.name for line in response.context["lines"]] == [
        "Administrateur", "Expert-comptable", "Collaborateur", "Paye",
    ]  # fmt: skip
    assert [line.people for line in response.context["lines"]] == [1, 1, 3, 0]
    html = response.content.decode()
    assert reverse("group_edit", args=[role(people, Role.ADMINISTRATOR).id]) not in html
    assert "Ailleurs" not in html


def test_a_group_is_made_changed_and_deleted(people: People) -> None:
    browser = people.browser("administrator")
    made = browser.post(reverse("group_create"), {"name": "Paye", "codes": ["dossier.view", "data.import"]})
    group = Group.objects.get(name="Paye")
    assert made.headers["Location"] == reverse("group", args=[group.id])
    assert set(group.codes) == {"dossier.view", "data.import"}
    browser.post(reverse("group_edit", args=[group.id]), {"name": "Social", "codes": ["dossier.view"]})
    group.refresh_from_db()
    assert (group.name, group.codes) == ("Social", ["dossier.view"])
    people.outside.group = group
    people.outside.save()
    url = reverse("group_delete", args=[group.id])
    assert "1\u00a0collaborateur" in browser.get(url).content.decode()
    refused = browser.post(url, {"name": "Social"})
    assert (refused.status_code, "Choisissez le groupe" in refused.content.decode()) == (422, True)
    moved = {"name": "social", "move_to": str(role(people, Role.COLLABORATOR).id)}
    assert browser.post(url, moved).status_code == 302
    people.outside.refresh_from_db()
    assert people.outside.group.role == Role.COLLABORATOR


def test_what_is_not_shown_yet_is_kept(people: People) -> None:
    """A form cannot tick what it does not show, nor lose it."""
    expert = role(people, Role.EXPERT)
    hidden = {"reports.publish", "diagnostics.manage", "client_users.manage"} - {
        one.code for one in PERMISSIONS if one.shown
    }
    assert hidden
    browser = people.browser("administrator")
    browser.post(reverse("group_edit", args=[expert.id]), {"name": "Expert-comptable", "codes": ["dossier.view"]})
    expert.refresh_from_db()
    assert expert.held & hidden == hidden
    assert "clients.view_all" not in expert.held
    browser.post(reverse("group_create"), {"name": "Forcé", "codes": [*hidden]})
    assert Group.objects.get(name="Forcé").codes == []


def test_protected_groups_are_refused(people: People) -> None:
    browser = people.browser("administrator")
    for one in Group.objects.filter(firm=people.firm, role__in=["administrator", "expert", "collaborator"]):
        assert browser.get(reverse("group_delete", args=[one.id])).status_code == 403
    admin = role(people, Role.ADMINISTRATOR)
    assert browser.post(reverse("group_edit", args=[admin.id]), {"name": "X", "codes": []}).status_code == 403
    assert people.actor("administrator").codes == CODES
    expert = role(people, Role.EXPERT)
    browser.post(reverse("group_edit", args=[expert.id]), {"name": "Chefs", "codes": ["dossier.view"]})
    expert.refresh_from_db()
    assert expert.name == "Expert-comptable"


@pytest.mark.parametrize("name", ["", "expert-comptable", "x" * 81])
def test_a_name_is_needed_and_serves_once(people: People, name: str) -> None:
    answer = people.browser("administrator").post(reverse("group_create"), {"name": name})
    assert answer.status_code == 422
    assert Group.objects.filter(firm=people.firm).count() == 3


def test_a_delegate_forges_nothing(people: People) -> None:
    mine = make_group(people.firm, "groups.manage", "dossier.view", name="Délégué")
    people.inside.group = mine
    people.inside.save()
    browser = people.browser("inside")
    page = browser.get(reverse("group_create")).context["parts"]
    assert {box.code for part in page for box in part.boxes if not box.locked} == {"groups.manage", "dossier.view"}
    expert = role(people, Role.EXPERT)
    before = expert.held
    browser.post(reverse("group_edit", args=[expert.id]), {"name": "Expert-comptable", "codes": []})
    expert.refresh_from_db()
    assert expert.held == before - {"dossier.view"}
    raised = {"name": "Délégué", "codes": ["groups.manage", "clients.view_all"]}
    browser.post(reverse("group_edit", args=[mine.id]), raised)
    mine.refresh_from_db()
    assert mine.codes == ["groups.manage"]
