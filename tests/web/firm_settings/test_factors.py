"""*Paramètres › Facteurs d’émission*: what waits, how far it is, what changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.carbon import rounds
from cabinet.carbon.models import Estimate
from cabinet.clients.models import Client
from cabinet.jobs.models import Job, JobState
from tests.cabinet.carbon.releases import NEWER, obtain_release
from tests.cabinet.carbon.test_revising import estimated as estimated
from tests.cabinet.people import People
from tests.web.dossier.conftest import deliver as deliver

pytestmark = pytest.mark.django_db
URL = "/parametres/facteurs/"


def test_an_administrator_sees_what_waits_updates_it_and_reads_what_changed(
    estimated: Client, people: People, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    browser = people.browser("administrator")
    assert "Tous les dossiers ont les facteurs les plus récents." in browser.get(URL).text
    obtain_release(tmp_path)
    said = browser.get(URL).text
    assert "Mettre à jour ce dossier" in said
    assert "V23.6" in said
    answer = browser.post(URL, {"action": "chosen"}, follow=True)
    assert "cochez au moins un dossier" in answer.text
    assert Estimate.objects.get().factors_version == "V23.6"
    rounds.start(people.actor("administrator"), None)
    going = browser.get(URL, headers={"HX-Request": "true"})
    assert "0 dossiers sur 1" in going.text
    assert "<html" not in going.text
    assert "HX-Refresh" not in going
    assert "Mettre à jour ce dossier" not in browser.get(URL).text
    assert "déjà en cours" in browser.post(URL, {"action": "all"}, follow=True).text
    Job.objects.update(state=JobState.FAILED)
    assert "La mise à jour s’est arrêtée." in browser.get(URL).text
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(URL, {"action": "resume"})
    assert browser.get(URL, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    with CaptureQueriesContext(connection) as queries:
        said = browser.get(URL).text
    assert len(queries) <= 22
    assert "1 dossier à jour" in said.replace("\u00a0", " ")
    assert "+1,0\u00a0t" in said
    assert estimated.name in said
    assert Estimate.objects.get().factors_version == NEWER


def test_a_made_up_identifier_is_not_found(people: People) -> None:
    assert people.browser("administrator").post(URL, {"action": "chosen", "client": "x"}).status_code == 404
