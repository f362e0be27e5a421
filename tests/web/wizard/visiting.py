"""A draft brought to step 3 by its owner, and what the tests of the next steps do with it."""

import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cabinet.imports.models import Import
from cabinet.onboarding.drafts import OpenDraft, access_draft
from cabinet.onboarding.selectors import draft_files
from tests.cabinet.onboarding.drafting import WORKSHOP, begin, organise
from tests.cabinet.people import People

HTMX = {"HTTP_HX_REQUEST": "true"}
UPLOAD = {"HTTP_X_BOCAGE_UPLOAD": "1"}


def plain(answer: Any) -> str:
    """The text of a page, its spaces made ordinary."""
    return str(answer.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def zipped(**members: bytes) -> bytes:
    """An archive; ``a__txt`` is named ``a.txt``."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


class DataStep:
    """Step 3 of a draft, in its owner's browser."""

    def __init__(self, people: People, name: str = "manager", siret: str = WORKSHOP) -> None:
        self.people, self.name = people, name
        self.actor = people.actor(name)
        self.id: UUID = begin(self.actor, siret)
        organise(self.actor, self.id, getattr(people, name))
        self.browser = people.browser(name)

    def url(self, route: str, *arguments: object) -> str:
        return reverse(route, args=[self.id, *arguments])

    def page(self, query: str = "") -> str:
        answer = self.browser.get(self.url("wizard_data") + query)
        assert answer.status_code == 200
        return plain(answer)

    def drop(self, name: str, content: bytes) -> str:
        """A file through the drop zone, then the list."""
        sent = SimpleUploadedFile(name, content)
        answer = self.browser.post(self.url("wizard_files"), {"documents": sent}, **UPLOAD)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.content
        assert plain(answer).startswith("<li")
        return self.listed()

    def listed(self, seen: str = "") -> str:
        answer: Any = self.browser.get(self.url("wizard_files"), {"vu": seen}, **HTMX)  # type: ignore[arg-type]
        assert answer.status_code == 200
        return plain(answer)

    def next(self, expected: int = 302, **data: Any) -> Any:
        answer: Any = self.browser.post(self.url("wizard_data"), {"go": "next", **data})
        assert answer.status_code == expected, plain(answer)[:2000]
        return answer

    @property
    def files(self) -> list[Import]:
        return draft_files(self.people.firm, self.id)

    @property
    def opened(self) -> OpenDraft:
        return access_draft(self.actor, self.id)
