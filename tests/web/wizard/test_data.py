"""Step 3 through the door: files good and bad, and the dates of the fiscal year."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.wording import sentence
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.storage import _root
from cabinet.onboarding.drafts import discard
from tests.cabinet.factories import make_group
from tests.cabinet.files import dsn_files, fec_name, make_fec, unbalanced
from tests.cabinet.people import People
from tests.web.wizard.visiting import HTMX, UPLOAD, DataStep, plain, zipped

pytestmark = pytest.mark.django_db(transaction=True)

FEC = fec_name("000012344")


@pytest.fixture
def step(people: People) -> DataStep:
    return DataStep(people)


def test_the_empty_step(step: DataStep) -> None:
    said = step.page()
    for word in (
        "Import FEC/DSN",
        "Déposez les fichiers FEC/DSN",
        "Date de début",
        "Date de fin",
        "Outil de production comptable",
        "outil de paye",
        "Aucun outil connecté",
        "Un administrateur peut en régler un dans <em>Connexions API</em>",
        "Ignorer cette étape",
    ):
        assert word in said, word


def test_who_may_set_a_tool_up_gets_the_link(people: People) -> None:
    assert reverse("connections") in DataStep(people, "administrator").page()


def test_a_fec_is_recognised_by_its_content(step: DataStep) -> None:
    said = step.drop(FEC, make_fec())
    assert "FEC, Mécanique de l’Atelier, du 01/01/2025 au 31/12/2025, 52 lignes, 26 écritures, équilibré" in said
    assert "Accepté" in said
    assert 'value="2025-01-01"' in said
    assert "Dates du FEC, proposées d’après son contenu." in said
    assert [one.kind for one in step.files] == [ImportKind.FEC]
    assert step.next().headers["Location"] == step.url("wizard_summary")


def test_the_parts_of_a_fec_are_one_line_and_a_missing_one_is_named(step: DataStep) -> None:
    header, *lines = make_fec().splitlines(keepends=True)
    part = {rank: FEC.replace(".", f"_{rank}.") for rank in (1, 2)}
    said = step.drop(part[2], header + b"".join(lines[26:]))
    assert "il manque la partie 1" in said
    assert "À vérifier" in said
    said = step.drop(part[1], header + b"".join(lines[:26]))
    assert "FEC, Mécanique de l’Atelier, du 01/01/2025 au 31/12/2025, 52 lignes, 26 écritures, équilibré" in said
    assert "il manque" not in said
    assert [(one.file_name, one.state) for one in step.files] == [(FEC, ImportState.TO_CHECK)]


def test_a_dsn_says_its_month_and_its_people(step: DataStep) -> None:
    said = step.drop("paie.txt", dsn_files()[0].read_bytes())
    assert "DSN mensuelle, Mécanique de l’Atelier, janvier 2025, 15 salariés" in said


def test_an_archive_gives_one_line_a_member(step: DataStep) -> None:
    dsn = dsn_files()
    said = step.drop("dsn-2025.zip", zipped(jan__dsn=dsn[0].read_bytes(), feb__dsn=dsn[2].read_bytes(), note__pdf=b"x"))
    assert "dsn-2025.zip!jan.dsn" in said
    assert "dsn-2025.zip!feb.dsn" in said
    assert len(step.files) == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.txt", b"", "Le fichier est vide."),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(400), "C’est une image."),
        ("zeros.txt", bytes(400_000), "ne contient que des zéros"),
        ("note.txt", b"Bonjour,\nvoici les comptes.\n" * 50, "Remède"),
        ("bombe.zip", b"PK\x03\x04 coupe", "Cette archive ne peut pas être ouverte"),
        ("rien.zip", zipped(note__pdf=b"x"), "Cette archive ne contient ni FEC ni DSN."),
        ("double.zip", zipped(dedans__zip=zipped(a__txt=b"x")), "Cette archive ne peut pas être ouverte"),
    ],
)
def test_what_is_no_fec_nor_dsn(step: DataStep, name: str, content: bytes, said: str) -> None:
    assert said in step.drop(name, content)
    assert [one.state for one in step.files] == [ImportState.REFUSED]
    step.next()


def test_a_bomb_is_not_unpacked(step: DataStep, settings: Any) -> None:
    settings.ARCHIVE_MAX_UNPACKED_BYTES = 2_000_000
    bomb = zipped(fec__txt=make_fec() + bytes(8_000_000))
    assert len(bomb) < 50_000
    assert "Cette archive ne peut pas être ouverte" in step.drop("bombe.zip", bomb)
    assert [one.refusal for one in step.files] == [Refusal.ARCHIVE_UNSAFE]
    assert list(_root("incoming").iterdir()) == []


def test_a_file_beyond_the_limit(step: DataStep, settings: Any) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 100_000
    assert "Ce fichier dépasse la taille permise (100 Ko)." in step.drop("gros.txt", bytes(3_000_000))
    assert list(_root("incoming").iterdir()) == []


def test_another_company(step: DataStep) -> None:
    said = step.drop(fec_name("000047290"), make_fec())
    assert "Ce fichier est celui d’une autre entreprise : SIREN 000 047 290, 000 012 344 attendu." in said
    assert "Refusé" in said


def test_the_same_file_twice(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    assert "Ce fichier a déjà été déposé" in step.drop("copie.txt", make_fec())
    assert [one.state for one in step.files] == [ImportState.TO_CHECK, ImportState.REFUSED]


def test_an_unbalanced_fec_is_kept_and_says_where(step: DataStep) -> None:
    said = step.drop(FEC, unbalanced(make_fec()))
    assert "non équilibré" in said
    assert "Ligne 4" in said
    assert "Accepté" in said
    step.next()


def test_half_a_file(step: DataStep) -> None:
    whole = make_fec()
    said = step.drop(FEC, whole[: len(whole) // 2 + 30])
    assert "Ligne " in said
    assert [one.kind for one in step.files] == [ImportKind.FEC]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(step: DataStep, encoding: str) -> None:
    said = step.drop(FEC, make_fec().decode("iso8859-15").encode(encoding))
    assert "52 lignes, 26 écritures, équilibré" in said
    assert [one.state for one in step.files] == [ImportState.TO_CHECK]


@pytest.mark.parametrize("refusal", Refusal.values)
def test_every_refusal_has_its_words(refusal: str) -> None:
    words = sentence("refusals", refusal, expected="1", found="2", limit="3")
    assert words.message
    assert "…" not in words.message + words.remedy


# Whose file it is


def test_a_fec_without_siren_asks_whose_it_is(step: DataStep) -> None:
    said = step.drop("export.txt", make_fec())
    assert "Le nom de ce fichier ne porte pas de SIREN valide." in said
    assert "C’est bien le FEC de Mécanique de l’Atelier" in said
    blocked = plain(step.next(422))
    assert "Un point à régler avant de continuer" in blocked
    assert "l’entreprise de export.txt" in blocked
    url = step.url("wizard_confirm_file", step.files[0].id)
    confirmed: Any = step.browser.post(url, **HTMX)  # type: ignore[arg-type]
    assert "SIREN valide" not in plain(confirmed)
    assert "Accepté" in plain(confirmed)
    step.next()


def test_without_javascript_each_act_comes_back_to_the_page(step: DataStep) -> None:
    sent = SimpleUploadedFile("export.txt", make_fec())
    answer = step.next(documents=sent)
    assert answer.headers["Location"] == step.url("wizard_data")
    imported = step.files[0]
    for route in ("wizard_confirm_file", "wizard_take_dates", "wizard_remove_file"):
        answer = step.browser.post(step.url(route, imported.id))
        assert answer.headers["Location"] == step.url("wizard_data")
    assert step.files == []


def test_an_act_on_a_file_that_is_gone_shows_what_is(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    imported = step.files[0]
    for _ in range(2):
        answer: Any = step.browser.post(step.url("wizard_remove_file", imported.id), **HTMX)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert FEC not in plain(answer)


def test_the_files_of_another_draft_are_out_of_reach(people: People) -> None:
    one, two = DataStep(people), DataStep(people, siret="00004729000010")
    one.drop(FEC, make_fec())
    imported = one.files[0]
    two.browser.post(two.url("wizard_remove_file", imported.id))
    two.browser.post(two.url("wizard_confirm_file", imported.id))
    assert [found.id for found in one.files] == [imported.id]


def test_another_file_in_its_place(step: DataStep) -> None:
    step.drop(FEC, unbalanced(make_fec()))
    first = step.files[0]
    page = plain(step.browser.get(step.url("wizard_replace_file", first.id)))
    assert "Remplacer un fichier" in page
    drawer = step.browser.get(step.url("wizard_replace_file", first.id), HTTP_HX_TARGET="drawer-content", **HTMX)  # type: ignore[arg-type]
    assert "<html" not in plain(drawer)
    sent = SimpleUploadedFile(FEC, make_fec())
    step.browser.post(step.url("wizard_replace_file", first.id), {"documents": sent})
    assert [one.id for one in step.files] != [first.id]
    assert len(step.files) == 1


def test_a_replacement_that_cannot_be_taken_removes_nothing(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    first = step.files[0]
    step.browser.post(
        step.url("wizard_replace_file", first.id), {"documents": SimpleUploadedFile("copie.txt", make_fec())}
    )
    step.browser.post(step.url("wizard_replace_file", first.id), {})
    assert step.files[0].id == first.id


# Dates


def test_dates_that_do_not_match_are_refused_with_both_periods(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    key = str(step.files[0].id)
    typed = {f"{key}-start": "2024-10-01", f"{key}-end": "2025-09-30"}
    blocked = plain(step.next(422, **typed))
    for word in (
        "Ces dates ne sont pas celles du FEC.",
        "Saisi : <strong>du 01/10/2024 au 30/09/2025</strong>",
        "FEC : <strong>du 01/01/2025 au 31/12/2025</strong>",
        "Prendre les dates du FEC",
        "les dates de l’exercice",
        "oct. 2024",
    ):
        assert word in blocked, word
    taken: Any = step.browser.post(step.url("wizard_take_dates", key), **HTMX)  # type: ignore[arg-type]
    assert 'value="2025-01-01"' in plain(taken)
    assert "Ces dates ne sont pas" not in plain(taken)
    step.next(**{f"{key}-start": "2025-01-01", f"{key}-end": "2025-12-31"})


def test_dates_are_judged_as_they_are_typed(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    key = str(step.files[0].id)
    data = {f"{key}-start": "2025-01-01", f"{key}-end": "2025-06-30"}
    said = plain(step.browser.post(step.url("wizard_keep_dates"), data, **HTMX))  # type: ignore[arg-type]
    assert 'role="alert"' in said
    assert 'data-fault="true"' in said
    assert step.opened.payload.data.years[key].end == "2025-06-30"


def test_dates_typed_before_the_fec_wait_for_it(step: DataStep) -> None:
    step.next(start="2025-01-01", end="2025-12-31", go="stay")
    start, end = date(2024, 10, 1), date(2025, 9, 30)
    step.drop(fec_name("000012344", end), make_fec(start=start, end=end))
    assert "Ces dates ne sont pas celles du FEC." in step.page()
    step.next(422)


def test_one_pair_of_dates_a_fec(step: DataStep) -> None:
    step.drop(fec_name("000012344", date(2024, 12, 31)), make_fec(start=date(2024, 1, 1), end=date(2024, 12, 31)))
    said = step.drop(FEC, make_fec())
    assert said.count("Date de début") == 2
    assert said.index('value="2024-01-01"') < said.index('value="2025-01-01"')


# Watching, skipping, going back


def test_the_list_is_sent_again_only_when_it_changes(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    answer: Any = step.browser.get(step.url("wizard_files"), **HTMX)  # type: ignore[arg-type]
    mark = answer.context["page"].files.mark
    same: Any = step.browser.get(step.url("wizard_files"), {"vu": mark}, **HTMX)  # type: ignore[arg-type]
    assert same.status_code == 204
    assert "every 1s" not in plain(answer)


def test_the_step_is_skipped_and_taken_up_again(step: DataStep) -> None:
    step.drop(FEC, make_fec())
    key = str(step.files[0].id)
    wrong = {f"{key}-start": "2020-01-01", f"{key}-end": "2020-12-31"}
    assert step.next(go="skip", **wrong).headers["Location"] == step.url("wizard_summary")
    assert step.opened.payload.data.skipped
    said = plain(step.browser.get(step.url("wizard_summary")))
    assert "Étape ignorée" in said
    assert "1 fichier déposé ne sera pas repris" in said
    step.next(422, **wrong)
    assert not step.opened.payload.data.skipped


def test_going_back_keeps_the_dates(step: DataStep) -> None:
    answer = step.next(go="previous", start="2025-01-01", end="2025-12-31")
    assert answer.headers["Location"] == step.url("wizard_organisation")
    assert 'value="2025-12-31"' in step.page()


# Who may not


def test_without_the_right_to_import(people: People) -> None:
    group = make_group(people.firm, "clients.create", "dossier.view")
    people.manager.group = group
    people.manager.save()
    step = DataStep(people)
    assert "Vous n’avez pas le droit de déposer des fichiers." in step.page()
    sent = SimpleUploadedFile(FEC, make_fec())
    assert step.browser.post(step.url("wizard_files"), {"documents": sent}).status_code == 403
    assert list(_root("incoming").iterdir()) == []
    assert step.next(go="skip").status_code == 302


def test_files_for_a_draft_out_of_reach_are_not_kept(people: People) -> None:
    step = DataStep(people)
    sent = SimpleUploadedFile(FEC, make_fec())
    assert people.browser("inside").post(step.url("wizard_files"), {"documents": sent}).status_code == 404
    assert step.files == []
    assert list(_root("incoming").iterdir()) == []


def test_the_drop_zone_is_told_when_the_draft_is_gone(people: People) -> None:
    step = DataStep(people)
    discard(step.actor, step.id)
    sent = SimpleUploadedFile(FEC, make_fec())
    answer = step.browser.post(step.url("wizard_files"), {"documents": sent}, **UPLOAD)  # type: ignore[arg-type]
    assert answer.status_code == 409
    assert plain(answer).startswith("<li")
    assert "Ce brouillon n’existe plus" in plain(answer)
    assert list(_root("incoming").iterdir()) == []
    page = step.browser.get(step.url("wizard_data"))
    assert page.headers["Location"] == reverse("wizard_start")
