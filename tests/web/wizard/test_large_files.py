"""300 MB through the door: sealed as they arrive, never whole in memory, then a clear refusal."""

import http.client
import resource
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from pytest_django.live_server_helper import LiveServer

from cabinet.imports.enums import ImportState
from tests.cabinet.people import People
from tests.web.wizard.visiting import DataStep

MEGABYTE = 1024 * 1024
SIZE = 300 * MEGABYTE
ROOM = 96 * MEGABYTE
BOUNDARY = "trois-cents-megaoctets"


def body(token: str) -> Iterator[bytes]:
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="documents"; filename="zeros.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    ).encode()
    for _ in range(SIZE // MEGABYTE):
        yield bytes(MEGABYTE)
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.django_db(transaction=True)
def test_three_hundred_megabytes_of_zeros(people: People, live_server: LiveServer) -> None:
    step = DataStep(people)
    page = step.browser.get(step.url("wizard_data"))
    token = str(page.context["csrf_token"])
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in step.browser.cookies.items())
    assert django_settings.SESSION_COOKIE_NAME in cookies
    length = SIZE + len(b"".join(part for part in body(token) if len(part) != MEGABYTE))
    before = peak()
    server = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=120)
    headers = {
        "Cookie": cookies,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(length),
        "X-Bocage-Upload": "1",
    }
    connection.request("POST", step.url("wizard_files"), body=body(token), headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read().strip().startswith(b"<li")
    connection.close()
    assert peak() - before < ROOM
    (imported,) = step.files
    assert (imported.size, imported.state) == (SIZE, ImportState.REFUSED)
    assert "ne contient que des zéros" in step.listed()
