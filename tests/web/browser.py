"""Chromium, driven for the tests of pages: who is signed in, how wide the window is, and what every page must pass."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client as HttpClient
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from cabinet.accounts.models import Collaborator

SCREENS = Path(__file__).resolve().parents[2] / "docs" / "screens"
WIDTHS = {1440: 900, 390: 844}
CHROMIUM = "/usr/bin/chromium-headless-shell"
"""Debian's, without its windows: the whole one starts the pages of its own interface for each window of a test."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
]


SQUEEZED = """[...document.querySelectorAll("main p, main dd")].filter((text) => {
    const { width, height } = text.getBoundingClientRect();
    return width < 120 && height > 90 && !text.closest(".visually-hidden");
}).map((text) => text.textContent.trim().slice(0, 60))"""
"""Paragraphs of many lines of a word or two: a layout gone wrong that axe does not see."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; Playwright's own download is never used."""
    # Playwright's loop runs in this thread, where Django would refuse every query for fear of an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    # Date fields are written in the language of the program, not of the page.
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ, "LANGUAGE": "fr"})


@dataclass
class Surfer:
    """Opens windows on the test server. What a page writes on the console as an error fails the test at its end."""

    browser: Browser
    base_url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(self, person: Collaborator | None = None, width: int = 1440, **options: Any) -> Page:
        """A window ``width`` pixels wide, signed in as ``person``; ``java_script_enabled=False`` turns scripts off."""
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport={"width": width, "height": WIDTHS.get(width, 900)},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **options,
        )
        self.contexts.append(context)
        if person is not None:
            sign_in(context, person, self.base_url)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._hear(message.type, message.text, message.location["url"]))
        page.on("pageerror", lambda error: self._hear("error", str(error), page.url))
        return page

    def _hear(self, kind: str, text: str, source: str) -> None:
        # No source: axe, injected by the test, which the page's policy refuses a style. A refused form or a cut upload
        # is an error for Chromium too; a missing file of ours is one for us.
        expected = text.startswith("Failed to load resource") and "/static/" not in source
        if kind == "error" and source and not expected:
            self.complaints.append(text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.complaints, "\n".join(self.complaints)


def sign_in(context: BrowserContext, person: Collaborator, base_url: str) -> None:
    """Put the person's session in the window, without the sign-in page."""
    client = HttpClient()
    client.force_login(person.user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base_url}])


def assert_accessible(page: Page) -> None:
    """axe finds nothing, no rule off, no element left out; and nothing sticks out of the window."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} pixels wider than its window"
    squeezed = page.evaluate(SQUEEZED)
    assert not squeezed, f"text squeezed into a narrow column: {squeezed}"


def look_at(page: Page, name: str) -> None:
    """The page as it stands, accessible at both widths without being loaded again, and kept as pictures."""
    before = page.viewport_size
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_accessible(page)
    if before is not None:
        page.set_viewport_size(before)
    shoot(page, name)


def visit(page: Page, pages: Mapping[str, str]) -> None:
    """Load each page and look at it: its name among the pictures, its address."""
    for name, url in pages.items():
        response = page.goto(url)
        assert response is not None
        assert response.status < 500, url
        look_at(page, name)


def shoot(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep the page in ``docs/screens/<name>-<width>.png`` at both widths, only when BOCAGE_SCREENS=1.

    ``whole`` false keeps what the window shows: for a drawer or a menu over a long page.
    """
    if os.environ.get("BOCAGE_SCREENS") != "1":
        return
    SCREENS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        if whole:
            # A window as tall as the page: what sticks to its edges is then drawn where it belongs.
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, tall)})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=whole)
    if before is not None:
        page.set_viewport_size(before)
