"""The pages of what went wrong: in our words, and standing when the rest does not."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import path
from playwright.sync_api import expect
from pytest_django import Settings

from cabinet.web import errors
from config import urls
from tests.cabinet.people import People
from tests.web.browser import Surfer, look_at


def _fail(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "crash":
        raise RuntimeError("00007461700028 Gwenaëlle Lestrohan")
    raise {"bad": BadRequest, "denied": PermissionDenied}[kind]


urlpatterns = [*urls.urlpatterns, path("panne/<str:kind>/", _fail)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def browser_of_failures(people: People, settings: Settings) -> Browser:
    settings.ROOT_URLCONF = __name__
    browser = people.browser("manager")
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/panne/bad/", 400, "Cette demande est mal formée"),
        ("/panne/denied/", 403, "Votre groupe ne permet pas cette action"),
        ("/panne/crash/", 500, "Bocage n’a pas pu répondre"),
        ("/nulle-part/", 404, "Cette page n’existe pas"),
    ],
)
def test_each_failure_has_its_page(browser_of_failures: Browser, address: str, status: int, title: str) -> None:
    answer = browser_of_failures.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert title in page
    assert "Lestrohan" not in page
    assert "Traceback" not in page


def test_a_crash_needs_no_database_and_no_request() -> None:
    """Without the ``db`` fixture, a query would fail this test."""
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500


@pytest.mark.parametrize(("answer", "status"), [(errors.too_large, 413), (errors.too_many, 429)])
def test_limits_have_their_page(answer: object, status: int) -> None:
    assert callable(answer)
    given = answer(RequestFactory().get("/"))
    assert given.status_code == status
    assert "<h1" in given.content.decode()


def test_a_form_without_its_token_is_explained(people: People) -> None:
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post("/compte/connexion/", {"login": "a@b.test", "password": "x"})
    assert answer.status_code == 403
    assert "Cette page est restée ouverte trop longtemps" in answer.content.decode()


@pytest.mark.browser
def test_a_lost_page_is_accessible(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto("/nulle-part/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    look_at(page, "error-404")
