"""What every test of the product lives under: no quiet blank in a page, no order by luck, no way off this machine."""

import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness import queries, templates

REACH_THE_DATABASE = {"db", "transactional_db", "live_server"}
LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1"}


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        templates.refuse_undefined_variables(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _unordered_querysets_are_shuffled(request: pytest.FixtureRequest) -> Iterator[None]:
    seed = request.config.getoption("randomly_seed", default=0)
    with pytest.MonkeyPatch.context() as patch:
        queries.shuffle_unordered(patch, random.Random(str(seed)))
        yield


@pytest.fixture(autouse=True, scope="session")
def _names_resolve_on_this_machine_only() -> Iterator[None]:
    """pytest-socket refuses to connect elsewhere; without this, the name would already have been asked for."""
    resolve = socket.getaddrinfo

    def resolve_local(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in LOCAL_HOSTS:
            raise socket.gaierror(socket.EAI_NONAME, f"tests look up no name: {host}")
        return resolve(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve_local)
        yield


@pytest.fixture(autouse=True)
def _storage_of_its_own(request: pytest.FixtureRequest) -> None:
    """A test that reaches the database gets empty storage, as it gets an empty database."""
    asks = REACH_THE_DATABASE.intersection(request.fixturenames) or request.node.get_closest_marker("django_db")
    if not asks:
        return
    folder = request.getfixturevalue("tmp_path_factory").mktemp("data", numbered=True)
    settings = request.getfixturevalue("settings")
    settings.STORAGE_DIR = folder / "storage"
    settings.WORK_DIR = folder / "work"
