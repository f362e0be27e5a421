"""An unknown permission kept in a group stops the start."""

import runpy

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cabinet.accounts.models import Group
from tests.cabinet.people import People


def test_the_codes_of_the_catalogue_pass(people: People) -> None:
    call_command("check", tags=["database"], databases=["default"])


def test_an_unknown_code_stops_the_check_and_the_web_server(people: People) -> None:
    Group.objects.filter(firm=people.firm).update(codes=["dossier.view", "dossier.burn"])
    with pytest.raises(SystemCheckError, match=r"bocage\.E001.*dossier\.burn"):
        call_command("check", tags=["database"], databases=["default"])
    with pytest.raises(SystemCheckError, match=r"dossier\.burn"):
        runpy.run_module("config.wsgi")
