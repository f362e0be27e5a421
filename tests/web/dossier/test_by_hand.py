"""A figure given by hand: marked wherever it travels, the computed one beside, its proof sealed then destroyed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.indicators.result import BY_HAND
from cabinet.audit.models import LogEntry
from cabinet.clients.models import Client
from cabinet.dossiers.manual import replace_figure
from cabinet.dossiers.models import IndicatorSnapshot, ManualValue
from cabinet.dossiers.proofs import Proof
from cabinet.dossiers.selectors import figures_of
from cabinet.dossiers.services import delete_client
from cabinet.vsme.selectors import results_of, table_of
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nLiasse fiscale, page 3"


def give(people: People, client: Client, code: str = "turnover", person: str = "inside", **fields: Any) -> Any:
    sent = {"value": "1 234 567,50", "reason": "Liasse fiscale, case FL", **fields}
    return people.browser(person).post(reverse("dossier_figure_value", args=[client.id, code]), sent)


def proof(content: bytes = PDF, name: str = "liasse.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sealed(settings: Any) -> list[Path]:
    return sorted((Path(settings.STORAGE_DIR) / "attachments").glob("*"))


def test_it_takes_the_place_of_the_computed_one_which_stays_beside(
    people: People, whole: Client, settings: Any
) -> None:
    year = whole.years.get()
    before = IndicatorSnapshot.objects.get(year=year, code="turnover").value
    assert give(people, whole, proof=proof()).status_code == 302
    assert IndicatorSnapshot.objects.get(year=year, code="turnover").value == before
    shown = figures_of(year).get("turnover")
    assert shown is not None
    assert shown.computed is not None
    assert (str(shown.value), shown.status, shown.computed.value) == ("1234567.500000", "confirmed", before)
    page = people.browser("inside").get(reverse("dossier_figure", args=[whole.id, "turnover"])).content.decode()
    for text in ("1 234 568", "Liasse fiscale, case FL", "liasse.pdf", "Le calcul donne", "Revenir au calcul"):
        assert text.replace(" ", "\u00a0") in page or text in page
    assert BY_HAND in results_of(figures_of(year))["turnover"].sources
    row = next(row for row in table_of(whole, year).prefill.rows if row.point.concept == "Turnover")
    assert str(row.value) == "1234567.500000"
    vsme = people.browser("inside").get(reverse("vsme", args=[whole.id])).content.decode()
    assert "(valeur saisie)" in vsme
    (path,) = sealed(settings)
    assert PDF[:8] not in path.read_bytes()
    answer = people.browser("inside").get(reverse("dossier_figure_proof", args=[whole.id, "turnover"]))
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    line = LogEntry.objects.get(action="figure.replaced")
    assert line.changes == {"valeur saisie": [None, "1234567.5"]}


def test_it_goes_and_its_proof_with_it(
    people: People, whole: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        give(people, whole, proof=proof())
        give(people, whole, proof=proof(PDF + b" bis"))
    assert len(sealed(settings)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        people.browser("inside").post(reverse("dossier_figure_restore", args=[whole.id, "turnover"]))
    assert not sealed(settings)
    assert not ManualValue.objects.exists()
    assert LogEntry.objects.filter(action="figure.restored", client_id=whole.id).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        give(people, whole, proof=proof())
        delete_client(actor=people.actor("administrator"), client=whole, typed_name=whole.name)
    assert not sealed(settings)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": ""}, "value"),
        ({"reason": " "}, "reason"),
        ({"proof": proof(b"MZ\x90", "liasse.pdf")}, "proof"),
        ({"proof": proof(PDF + b"0" * 5 * 1024 * 1024)}, "proof"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    people: People, whole: Client, settings: Any, fields: dict[str, Any], said: str
) -> None:
    answer = give(people, whole, **fields)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [said]
    assert not ManualValue.objects.exists()
    assert not sealed(settings)


def test_no_negative_headcount_and_nothing_of_the_payroll_in_the_journal(people: People, whole: Client) -> None:
    assert give(people, whole, "headcount_average", value="-2").status_code == 422
    assert give(people, whole, "headcount_average", value="12").status_code == 302
    assert LogEntry.objects.get(action="figure.replaced").changes == {}


def test_a_hidden_figure_and_another_firm_have_no_form(people: People, whole: Client) -> None:
    IndicatorSnapshot.objects.filter(code="turnover").update(status="hidden", value=None, reason="small_group")
    assert give(people, whole).status_code == 404
    assert give(people, whole, "taxes", person="stranger").status_code == 404


def test_no_document_stays_when_its_value_is_not_kept(
    people: People, whole: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the journal is full")

    monkeypatch.setattr("cabinet.dossiers.manual.record", fail)
    snapshot = IndicatorSnapshot.objects.get(year=whole.years.get(), code="turnover")
    with pytest.raises(RuntimeError):
        replace_figure(
            actor=people.actor("inside"), snapshot=snapshot, value=Decimal(1), reason="x", proof=Proof("a.pdf", PDF)
        )
    assert not ManualValue.objects.exists()
    assert not sealed(settings)


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"BCG1")])
def test_a_document_whose_file_is_lost_says_what_to_do(
    people: People, whole: Client, settings: Any, damage: Any
) -> None:
    give(people, whole, proof=proof())
    (path,) = sealed(settings)
    damage(path)
    answer = people.browser("inside").get(reverse("dossier_figure_proof", args=[whole.id, "turnover"]))
    assert answer.status_code == 410
    assert "liasse.pdf&nbsp;» a bien été joint" in answer.content.decode()
