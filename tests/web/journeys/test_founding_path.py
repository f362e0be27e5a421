"""The founding path, whole: sign in, a SIRET, files, save, figures. A real worker reads the files."""

import json
import re
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.cabinet.files import DATA, FARM_FEC, dsn_files
from tests.web.journeys.conftest import Installed

GENERATED_FEC = DATA / "fec" / "genere" / "000012344FEC20251231.txt"
READING_MS = 90_000


def begin(page: Page, siret: str) -> None:
    """Step 1, then step 2 as proposed."""
    page.get_by_role("link", name="Nouveau client").first.click()
    page.get_by_label("Numéro de SIRET").fill(siret)
    expect(page.locator("#fiche")).to_be_visible()
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/organisation/")
    expect(page.get_by_label("Responsable de dossier")).to_have_value(re.compile(".+"))
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/donnees/")


def drop(page: Page, *files: Path) -> None:
    page.get_by_label("Déposez les fichiers FEC/DSN").set_input_files([str(path) for path in files])


def save(page: Page) -> None:
    """*Enregistrer* leads to the dossier; then nothing is left to be read or computed."""
    page.get_by_role("button", name="Enregistrer").first.click()
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))


def settled(page: Page) -> None:
    """Wait for the worker: the dossier says that figures are being computed, and then no longer does."""
    expect(page.get_by_text("Calcul des indicateurs")).to_have_count(0, timeout=READING_MS)
    page.reload()


def turnover(fec: Path) -> str:
    """Accounts 70 of the file, credits less debits, as the page writes them: read here without any of our readers."""
    content = fec.read_bytes()
    lines = content.decode("utf-8-sig" if b"\xc3" in content else "iso8859-15").splitlines()
    head = lines[0].split("\t")
    account, debit, credit = (head.index(name) for name in ("CompteNum", "Debit", "Credit"))
    total = Decimal(0)
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > credit and cells[account].startswith("70"):
            total += Decimal(cells[credit].replace(",", ".") or 0) - Decimal(cells[debit].replace(",", ".") or 0)
    return f"{total:,.0f}".replace(",", " ")


def text(page: Page) -> str:
    return page.locator("main").inner_text().replace("\u00a0", " ")


def test_a_company_with_its_fec_and_a_year_of_dsn(installed: Installed) -> None:
    page = installed.sign_in()
    begin(page, "000 012 344 00016")
    drop(page, GENERATED_FEC, *dsn_files())
    files = page.locator("#fichiers")
    expect(files.locator("li")).to_have_count(1 + len(dsn_files()), timeout=READING_MS)
    expect(files.get_by_text("Accepté")).to_have_count(1 + len(dsn_files()), timeout=READING_MS)
    expect(files).to_contain_text("FEC, Mécanique de l’Atelier, du 01/01/2025 au 31/12/2025")
    expect(page.get_by_label("Date de début")).to_have_value("2025-01-01")
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/recapitulatif/")
    assert "DSN de janvier à décembre 2025" in text(page)
    save(page)
    settled(page)
    said = text(page)
    assert f"Chiffre d’affaires\n\n{turnover(GENERATED_FEC)} €" in said
    heads = json.loads((DATA / "dsn" / "expected.json").read_text())["valeurs"]["effectif_fins_de_mois"]
    assert f"Effectif en fin de période\n\n{heads[-1]} salariés" in said
    assert "Le FEC et les DSN attendus à ce jour sont acceptés." in said
    assert "Achats et services par famille" in said


def test_the_farm_is_confirmed_then_shows_its_own_year(installed: Installed) -> None:
    page = installed.sign_in()
    begin(page, "000 038 422 00010")
    drop(page, FARM_FEC)
    confirm = page.get_by_role("button", name="C’est bien le FEC de GAEC du Clos Hardouin")
    expect(confirm).to_be_visible(timeout=READING_MS)
    page.get_by_role("button", name="Suivant").click()
    blocked = page.locator("#blocages")
    expect(blocked).to_contain_text("l’entreprise de 0000000001FEC20220831.txt")
    blocked.get_by_role("link").click()
    confirm.click()
    expect(page.locator("#fichiers")).to_contain_text("Accepté")
    expect(page.get_by_label("Date de fin")).to_have_value("2022-08-31")
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/recapitulatif/")
    save(page)
    settled(page)
    said = text(page)
    assert "Exercice 2021-2022" in said
    assert f"Chiffre d’affaires\n\n{turnover(FARM_FEC)} €" in said
    assert "Achats\n\n" in said
    assert "Effectif en fin de période\n\nà compléter" in said


def test_a_dossier_without_data(installed: Installed) -> None:
    page = installed.sign_in()
    begin(page, "000 047 290 00010")
    page.get_by_role("button", name="Ignorer cette étape").click()
    page.wait_for_url("**/recapitulatif/")
    assert "Étape ignorée" in text(page)
    save(page)
    assert "Conserverie Lestrohan" in text(page)
    assert "Conserverie Lestrohan est créé." in text(page)
    assert "Chiffre d’affaires\n\nà compléter" in text(page)
