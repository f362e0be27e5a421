"""*Connexions API*: nothing is set up, and the page says where files are found meanwhile."""

from django.urls import reverse

from cabinet.web.connections.tools import ACCOUNTING, PAYROLL_TOOLS
from tests.cabinet.people import People


def test_the_page_promises_nothing(people: People) -> None:
    html = people.browser("administrator").get(reverse("connections")).content.decode()
    assert "Aucune connexion n’est réglée." in html
    for word in ("bientôt", "prochainement", "à venir", "plus tard"):
        assert word not in html.lower()
    assert "<form" not in html.split("<main")[1]


def test_each_tool_has_a_way_or_a_word() -> None:
    tools = ACCOUNTING + PAYROLL_TOOLS
    assert all(tool.path or tool.note for tool in tools)
    names = " ".join(tool.name for tool in tools)
    for wanted in ("Pennylane", "Sage", "EBP", "Cegid", "Quadra", "MyUnisoft", "Silae", "OpenPaye", "ACD", "Odoo"):
        assert wanted in names
