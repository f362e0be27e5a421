"""Suppliers: found in the background, decided by a person, remembered by the firm, undone; what the total becomes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.audit.models import LogEntry
from cabinet.carbon import recognising
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import KnownSupplier, SupplierIdentity, SupplierSpend, SupplierState
from cabinet.carbon.selectors import reading_of
from cabinet.carbon.suppliers import RECOGNITION
from cabinet.clients.models import Client
from cabinet.jobs.models import Job, JobState
from tests.cabinet.factories import make_client
from tests.cabinet.imports.samples import Deliver
from tests.cabinet.people import People
from tests.web.carbon.conftest import NAMES, with_known_names

pytestmark = pytest.mark.django_db
METAL, GROCER, PAPER = "F00009", "F00014", "F00007"


@pytest.fixture
def capture(request: pytest.FixtureRequest) -> Callable[..., Any]:
    found: Callable[..., Any] = request.getfixturevalue("django_capture_on_commit_callbacks")
    return found


@pytest.fixture
def searched(people: People, named: Client, capture: Callable[..., Any]) -> Client:
    """A dossier whose suppliers were looked for."""
    with capture(execute=True):
        assert post(people, named, "carbon_suppliers_recognise").status_code == 302
    return named


def post(people: People, client: Client, route: str = "carbon_suppliers", **data: str) -> Any:
    return people.browser("inside").post(reverse(route, args=[client.id]), data)


def get(people: People, client: Client, **query: str) -> Any:
    return people.browser("inside").get(reverse("carbon_suppliers", args=[client.id]), query)


def shown(people: People, client: Client, **query: str) -> dict[str, Any]:
    return {line.row.spend.key: line for line in get(people, client, **query).context["page"].lines}


def total_of(client: Client) -> Any:
    refresh(client)
    found = reading_of(client.years.get())
    assert found is not None
    return found.row


def test_the_search_proposes_and_takes_nobody(people: People, searched: Client) -> None:
    assert {one.state for one in Job.objects.filter(kind=RECOGNITION)} == {JobState.DONE}
    assert set(SupplierIdentity.objects.values_list("state", flat=True)) <= {"searched", "proposed"}
    lines = shown(people, searched, etat="a-confirmer")
    assert {METAL, GROCER, PAPER} <= set(lines)
    best = lines[METAL].candidates[0]
    assert (best.company, best.siren, best.score) == ("Maçonnerie Cotentier", "000048637", "100\u00a0%")
    assert lines[METAL].candidates[0].branch == "Construction"
    assert lines[GROCER].candidates[0].branch == "Industries alimentaires pour les marchandises"
    assert any("marchandises" in words for words in lines[GROCER].candidates[0].warnings)
    before = total_of(searched)
    assert before.before is None
    assert not LogEntry.objects.filter(action__startswith="carbon.").exists()


def test_a_confirmation_changes_the_estimate_and_is_undone(
    people: People, searched: Client, capture: Callable[..., Any]
) -> None:
    was = total_of(searched)
    doubt = was.suppliers.get(key=METAL).doubt
    siren = SupplierIdentity.objects.get(key=METAL).candidates[0]["siren"]
    with capture(execute=True):
        assert post(people, searched, **{f"choix:{METAL}": siren, f"choix:{PAPER}": "aucune"}).status_code == 302
    now = total_of(searched)
    assert (now.total, now.inputs_hash) != (was.total, was.inputs_hash)
    assert now.suppliers.get(key=METAL).doubt == 0 < doubt
    assert now.before == {"total": f"{was.total:f}", "half_width": f"{was.half_width:f}"}
    page = get(people, searched).context["page"]
    assert page.change.startswith("Avant le dernier changement")
    assert {line.row.state for line in page.lines} >= {SupplierState.CONFIRMED, SupplierState.REFUSED}
    with capture(execute=True):
        post(people, searched, "carbon_suppliers_undo", key=METAL)
    assert total_of(searched).total == was.total
    assert SupplierIdentity.objects.get(key=METAL).state == SupplierState.PROPOSED
    assert not KnownSupplier.objects.exists()
    actions = LogEntry.objects.filter(action__startswith="carbon.supplier", client_id=searched.id)
    assert sorted(one.action for one in actions) == [
        "carbon.supplier_confirmed",
        "carbon.supplier_refused",
        "carbon.supplier_undone",
    ]


def test_the_firm_remembers_the_company_and_nothing_of_the_other_dossier(
    people: People, searched: Client, deliver: Deliver, capture: Callable[..., Any]
) -> None:
    siren = SupplierIdentity.objects.get(key=METAL).candidates[0]["siren"]
    post(people, searched, **{f"choix:{METAL}": siren})
    kept = KnownSupplier.objects.get()
    assert (kept.firm, kept.words, kept.siren) == (people.firm, "cotentier maconnerie", siren)
    following = make_client(people.firm, people.outside, name="Autre Fictif", siret="00007461700028")
    content = with_known_names().replace(NAMES["F00009"].encode(), b"COTENTIER MACONNERIE SARL")
    deliver(following, "000074617FEC20251231.txt", content)
    refresh(following)
    with capture(execute=True):
        recognising.start(following)
    found = SupplierIdentity.objects.get(client=following, key=METAL)
    assert (found.state, found.candidates[0]["remembered"]) == (SupplierState.PROPOSED, True)
    html = people.browser("outside").get(reverse("carbon_suppliers", args=[following.id])).content.decode()
    assert "Déjà confirmé dans votre cabinet" in html
    assert "Mathis Le Goff" not in html
    other = make_client(people.other_firm, people.stranger, name="Ailleurs", siret="00007461700028")
    assert not any(
        one["remembered"]
        for one in recognising_candidates(other, reading_of(following.years.get()).row.suppliers.get(key=METAL))  # type: ignore[union-attr]
    )


def recognising_candidates(client: Client, spend: Any) -> list[dict[str, Any]]:
    recognising.recognise(client, spend)
    return list(SupplierIdentity.objects.get(client=client, key=spend.key).candidates)


def test_a_number_may_be_typed_when_the_registry_proposes_nobody(people: People, searched: Client) -> None:
    post(people, searched, **{"siren:F00018": "000 012 344"})
    assert SupplierIdentity.objects.get(key="F00018").siren == "000012344"
    post(people, searched, **{"siren:F00019": "000 012 345"})
    assert not SupplierIdentity.objects.filter(key="F00019", state=SupplierState.CONFIRMED).exists()
    typed = {f"siren:F000{rank}": f"000 012 3{rank}" for rank in range(20, 26)}
    browser = people.browser("administrator")
    answer = browser.post(reverse("carbon_suppliers", args=[searched.id]), typed, follow=True)
    assert "saisissez de nouveau 000 012 325" in answer.content.decode()


def test_a_company_that_was_not_proposed_is_refused_and_nothing_is_kept(people: People, searched: Client) -> None:
    siren = SupplierIdentity.objects.get(key=METAL).candidates[0]["siren"]
    post(people, searched, **{f"choix:{METAL}": siren, f"choix:{GROCER}": "999999999"})
    assert not SupplierIdentity.objects.filter(state=SupplierState.CONFIRMED).exists()
    assert not LogEntry.objects.filter(action="carbon.supplier_confirmed").exists()


def test_a_deactivated_dossier_decides_nothing(people: People, searched: Client) -> None:
    searched.is_active = False
    searched.save()
    assert post(people, searched, **{f"choix:{PAPER}": "aucune"}).status_code == 403
    assert post(people, searched, "carbon_suppliers_recognise").status_code == 403
    assert post(people, searched, **{"siren:F00018": "000 012 344"}).status_code == 403
    assert not SupplierIdentity.objects.filter(siren="000012344").exists()
    assert "000012344" not in str(list(SupplierIdentity.objects.filter(key="F00018").values("candidates")))
    assert "Enregistrer les choix" not in get(people, searched).content.decode()


def test_the_list_is_searched_and_filtered(people: People, searched: Client) -> None:
    assert set(shown(people, searched, q="cotentier")) == {METAL}
    assert METAL not in shown(people, searched, etat="a-reconnaitre")
    assert get(people, searched, q="rien de tel").context["page"].lines == []


def test_the_page_costs_few_queries(
    people: People, searched: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, url = people.browser("administrator"), reverse("carbon_suppliers", args=[searched.id])
    with django_assert_max_num_queries(15):
        assert browser.get(url).status_code == 200


def test_the_letter_to_a_supplier_asks_and_tells_nothing(people: People, named: Client) -> None:
    browser = people.browser("inside")
    carbon = browser.get(reverse("carbon", args=[named.id]))
    asked = carbon.context["page"].ask.suppliers[0]
    page = browser.get(asked.letter_url).context["page"]
    assert asked.name == page.supplier
    for words in ("SIREN", "NAF", "quantités", "kg de CO2", named.name, people.firm.name, "01/01/2025"):
        assert words in page.text
    others = SupplierSpend.objects.filter(estimate__year__client=named).exclude(key=asked.key)
    assert not any(one.name and one.name in page.text for one in others)
    assert "€" not in page.text
    assert page.mail_url.startswith("mailto:?subject=Vos%20donn%C3%A9es")
    assert "%0D%0A" in page.mail_url
    assert browser.get(reverse("carbon_letter", args=[named.id]), {"fournisseur": "NOBODY"}).status_code == 404


def test_the_letter_does_not_ask_for_the_activity_of_a_confirmed_supplier(people: People, named: Client) -> None:
    SupplierIdentity.objects.create(
        client=named, key="F00009", state="confirmed", siren="000012344", company="X", naf="43.99C"
    )
    url = reverse("carbon_letter", args=[named.id])
    assert "NAF" not in people.browser("inside").get(url, {"fournisseur": "F00009"}).context["page"].text
