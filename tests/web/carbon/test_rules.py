"""Rules of classing: tried before they are saved, shown on their lines, withdrawn and put back."""

from typing import Any

import pytest
from django.urls import reverse

from bocage.indicators import carbon
from cabinet.audit.models import LogEntry
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import ClassingRule
from cabinet.carbon.ruling import BadRuleError, RuleTerms, give_rule, restore_rule, withdraw_rule
from cabinet.carbon.selectors import Reading, reading_of
from cabinet.clients.models import Client
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
TERMS = {
    "supplier": "",
    "account": "6064",
    "words": "",
    "target": "branch:C16",
    "reason": "Factures vues avec la cliente",
}


def reading(client: Client) -> Reading:
    found = reading_of(client.years.get())
    assert found is not None
    return found


def post(people: People, client: Client, step: str, **changes: str) -> Any:
    url = reverse("carbon_rule", args=[client.id])
    return people.browser("inside").post(url, TERMS | changes | {"etape": step})


def test_a_rule_is_tried_then_kept_and_shown_on_its_lines(people: People, estimated: Client) -> None:
    before = reading(estimated).row.total
    tried = post(people, estimated, "apercu", reason="")
    assert tried.status_code == 200
    trial = tried.context["page"].trial
    assert trial.count > 0
    assert not ClassingRule.objects.exists()
    assert post(people, estimated, "enregistrer").status_code == 302
    refresh(estimated)
    after = reading(estimated)
    assert after.row.total != before
    rule = ClassingRule.objects.get()
    decided = carbon.by_rule(after.path)[rule.id.hex]
    assert decided.lines == trial.count
    assert (trial.before, trial.after) == (
        f"{round(before / 1000, 1)}".replace(".", ","),
        f"{round(after.row.total / 1000, 1)}".replace(".", ","),
    )
    browser = people.browser("inside")
    listed = browser.get(reverse("carbon_rules", args=[estimated.id])).content.decode()
    for words in ("Compte 6064", "Bois", "Factures vues avec la cliente", "Mathis Le Goff"):
        assert words in listed
    lines = browser.get(reverse("carbon_detail", args=[estimated.id]), {"regle": rule.id.hex}).content.decode()
    assert "règle de Mathis Le Goff" in lines
    assert "Classer autrement" in lines


def test_a_rule_leaves_and_comes_back_with_its_trace(people: People, estimated: Client) -> None:
    actor, before = people.actor("inside"), reading(estimated).row.total
    rule = give_rule(actor=actor, client=estimated, terms=RuleTerms("", "6064", "", "branch:C16", "Vu"))
    refresh(estimated)
    ruled = reading(estimated).row.total
    withdraw_rule(actor=actor, rule=rule)
    refresh(estimated)
    assert reading(estimated).row.total == before
    restore_rule(actor=actor, rule=rule)
    refresh(estimated)
    assert reading(estimated).row.total == ruled
    entries = LogEntry.objects.filter(action__startswith="carbon.rule").order_by("at", "id")
    said = "Compte 6064\u00a0: Bois"
    assert [(one.action, one.changes["règle"]) for one in entries] == [
        ("carbon.rule_given", [None, said]),
        ("carbon.rule_withdrawn", [said, None]),
        ("carbon.rule_restored", [None, said]),
    ]


def test_another_rule_for_the_very_same_lines_takes_the_place_of_the_first(people: People, estimated: Client) -> None:
    actor = people.actor("inside")
    first = give_rule(actor=actor, client=estimated, terms=RuleTerms("", "6064", "Papier", "branch:C16", "Vu"))
    second = give_rule(actor=actor, client=estimated, terms=RuleTerms("", "6064", "papier", "excluded:", "Revu"))
    first.refresh_from_db()
    assert (first.withdrawn_at is None, second.withdrawn_at is None) == (False, True)
    restore_rule(actor=actor, rule=first)
    second.refresh_from_db()
    assert second.withdrawn_at is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account": ""}, "Dites au moins un compte, un fournisseur ou des mots du libellé."),
        ({"account": "", "words": "…"}, "Dites au moins un compte, un fournisseur ou des mots du libellé."),
        ({"account": "606 %"}, "Un numéro de compte n’a que des chiffres et des lettres."),
        ({"supplier": "NOBODY"}, "Aucun fournisseur de l’exercice ne porte ce compte auxiliaire."),
        ({"target": "branch:Z99"}, "Sélectionnez un choix valide"),
        ({"target": ""}, "Choisissez ce que ces lignes deviennent."),
        ({"reason": ""}, "Ce champ est obligatoire"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    people: People, estimated: Client, changes: dict[str, str], words: str
) -> None:
    response = post(people, estimated, "enregistrer", **changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ClassingRule.objects.exists()


def test_a_line_prefills_the_form_and_a_supplier_of_the_books_is_taken(people: People, named: Client) -> None:
    url = reverse("carbon_rule", args=[named.id])
    page = people.browser("inside").get(url, {"fournisseur": "F00009", "compte": "601000"})
    form = page.context["page"].form
    assert (form["supplier"].value(), form["account"].value()) == ("F00009", "601000")
    assert post(people, named, "enregistrer", supplier="F00009", account="").status_code == 302
    assert ClassingRule.objects.get().supplier_name == "MACONNERIE COTENTIER SARL"


def test_a_deactivated_dossier_takes_no_rule(people: People, estimated: Client) -> None:
    estimated.is_active = False
    estimated.save()
    assert post(people, estimated, "enregistrer").status_code == 403
    browser = people.browser("inside")
    assert "Nouvelle règle" not in browser.get(reverse("carbon_rules", args=[estimated.id])).content.decode()
    detail = browser.get(reverse("carbon_detail", args=[estimated.id]), {"vue": "lignes"}).content.decode()
    assert "Classer autrement" not in detail


def test_a_dossier_holds_so_many_rules(people: People, estimated: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cabinet.carbon.ruling.MOST_RULES", 1)
    actor = people.actor("inside")
    give_rule(actor=actor, client=estimated, terms=RuleTerms("", "606", "", "branch:C16", "Vu"))
    with pytest.raises(BadRuleError, match="many"):
        give_rule(actor=actor, client=estimated, terms=RuleTerms("", "607", "", "branch:C16", "Vu"))
