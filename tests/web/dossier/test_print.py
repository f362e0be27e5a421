"""The tabs of a dossier on paper: no menu, what is folded is open, the firm and the sources at the end."""

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cabinet.carbon.estimating import refresh
from cabinet.clients.models import Client
from cabinet.dossiers.comments import add_comment
from tests.cabinet.people import People
from tests.web.browser import Surfer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HIDDEN = ("Portefeuilles", "Se déconnecter", "Exporter", "Saisir les quantités", "Commenter", "Journal")


def test_each_tab_is_printed(people: People, whole: Client, surfer: Surfer, tmp_path: Path) -> None:
    refresh(whole)
    year = whole.years.get()
    add_comment(actor=people.actor("inside"), year=year, topic="carbon:total", label="x", text="Entre nous")
    of = [whole.id]
    tabs = {
        "overview": (reverse("dossier_overview", args=of), "Ce qui manque"),
        "economy": (reverse("dossier_indicators", args=of), "Chiffre d’affaires"),
        "social": (reverse("dossier_indicators", args=of) + "?famille=social", "Salaires horaires bruts moyens"),
        "carbon": (reverse("carbon", args=of), "Par scope et par poste"),
        "vsme": (reverse("vsme", args=of), "Effectif"),
    }
    page = surfer.page(people.administrator)
    for name, (url, words) in tabs.items():
        page.goto(url)
        path = tmp_path / f"{name}.pdf"
        page.pdf(path=path, prefer_css_page_size=True, print_background=False)
        read = PdfReader(BytesIO(path.read_bytes()))
        sheet = read.pages[0].mediabox
        assert sheet.width > sheet.height, name
        text = " ".join(" ".join(one.extract_text() for one in read.pages).split())
        assert words in text, name
        assert people.firm.name in text, name
        assert "Sources" in text, name
        assert f"{len(read.pages)} / {len(read.pages)}" in text, name
        menus = text.replace("Portefeuilles Agroalimentaire", "")
        assert [one for one in HIDDEN if one in menus] == [], name
        assert "Entre nous" not in text
