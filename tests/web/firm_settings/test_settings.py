"""*Paramètres*: what is chosen holds, an image is drawn again, a pale colour is refused."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cabinet.accounts.colours import contrast
from cabinet.accounts.logos import LogoProblem, LogoRefused, redraw
from cabinet.accounts.models import Firm, FirmLogo
from cabinet.audit.selectors import entries_of_firm
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.retention import destroy_old_originals
from cabinet.onboarding.selectors import proposed_manager
from tests.cabinet.factories import make_import
from tests.cabinet.people import People

URL = "/parametres/"


def image(size: tuple[int, int] = (200, 80), kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#24593a").save(target, format=kind, **options)
    return target.getvalue()


def sent(people: People, **changed: object) -> dict[str, object]:
    given = {"name": people.firm.name, "main_colour": "#1b4b66", "accent_colour": "#24593a"}
    return given | changed


def test_what_is_chosen_holds_and_is_written_down(people: People) -> None:
    browser = people.browser("administrator")
    chosen = sent(
        people, name="Hautbois", second_factor_required="on", default_manager=str(people.expert.id),
        originals_kept_years="6",
    )  # fmt: skip
    assert browser.post(URL, chosen)["Location"] == URL
    firm = Firm.objects.get(id=people.firm.id)
    assert (firm.name, firm.second_factor_required, firm.originals_kept_years) == ("Hautbois", True, 6)
    assert proposed_manager(people.actor("inside")) == people.expert
    people.expert.is_active = False
    people.expert.save()
    assert proposed_manager(people.actor("inside")) == people.inside
    assert entries_of_firm(firm.id)[0].changes["nom"] == ["Hautbois & Associés", "Hautbois"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"main_colour": "#ffff00"}, "Trop pâle"),
        ({"main_colour": "#8a8a8a"}, "il en faut 4,5"),
        ({"accent_colour": "#eeeeee"}, "il en faut 3,0"),
        ({"main_colour": "red; x"}, "s’écrit comme"),
        ({"name": ""}, "Donnez le nom"),
        ({"originals_kept_years": "1"}, "Sélectionnez un choix valide"),
        ({"logo": b"<svg onload=alert(1)>"}, "n’est pas une image"),
        ({"logo": image((20, 20))}, "trop petite"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(people: People, changed: dict[str, object], words: str) -> None:
    if "logo" in changed:
        changed = {"logo": SimpleUploadedFile("logo.png", changed["logo"])}  # type: ignore[arg-type]
    answer = people.browser("administrator").post(URL, sent(people, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Firm.objects.get(id=people.firm.id).main_colour == "#1b4b66"
    assert not FirmLogo.objects.exists()


def test_a_logo_is_drawn_again_and_served_as_ours(people: People) -> None:
    marked = image((1200, 300), "JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script>" in marked
    browser = people.browser("administrator")
    browser.post(URL, sent(people, logo=SimpleUploadedFile("../../logo.html", marked, "text/html")))
    answer = browser.get(reverse("firm_logo"))
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (600, 150)
    assert people.browser("stranger").get(reverse("firm_logo")).status_code == 404
    browser.post(reverse("firm_logo_remove"))
    assert browser.get(reverse("firm_logo")).status_code == 404


def test_a_bomb_is_not_unfolded() -> None:
    bomb = image((9_000, 9_000))
    assert len(bomb) < 2_000_000
    with pytest.raises(LogoRefused) as refused:
        redraw(io.BytesIO(bomb), len(bomb))
    assert refused.value.problem == LogoProblem.TOO_LARGE


def test_contrast_is_the_one_of_the_norm() -> None:
    assert round(contrast("#0000ff"), 2) == 8.59
    assert round(contrast("#ff0000"), 1) == 4.0
    assert round(contrast("#1b4b66"), 1) == 9.4


def test_old_originals_go_where_the_firm_says_so(people: People) -> None:
    def received(kind: ImportKind, end: date, state: ImportState = ImportState.ACCEPTED) -> object:
        return make_import(people.client, kind, state, period_start=end.replace(day=1), period_end=end).id

    old = received(ImportKind.FEC, date(2019, 12, 31))
    young = received(ImportKind.FEC, date(2025, 12, 31))
    waiting = received(ImportKind.FEC, date(2018, 12, 31), ImportState.TO_CHECK)
    assert destroy_old_originals() == 0
    Firm.objects.filter(id=people.firm.id).update(originals_kept_years=6)
    assert destroy_old_originals() == 1
    kept = {one.id: one.has_original for one in people.client.imports.all()}
    assert kept == {old: False, young: True, waiting: True}
    assert destroy_old_originals() == 0
