"""The gallery draws every component: if one breaks, it breaks here first."""

import pytest
from playwright.sync_api import expect

from tests.cabinet.people import People
from tests.web.browser import Surfer, look_at


def test_every_component_is_drawn(people: People) -> None:
    answer = people.browser("outside").get("/composants/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Composants et états" in page
    assert "bo-state--missing" in page
    assert 'aria-describedby="sample_siret_helptext sample_siret_error"' in page


def test_strangers_are_sent_to_sign_in(people: People) -> None:
    answer = people.browser("anonymous").get("/composants/")
    assert answer.status_code == 302
    assert answer["Location"] == "/compte/connexion/?next=/composants/"


@pytest.mark.browser
def test_the_gallery_is_accessible(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto("/composants/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Composants et états")
    look_at(page, "gallery")
