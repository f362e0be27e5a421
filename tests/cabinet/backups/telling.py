"""What a machine holds, as JSON: every row, every file, a page of a dossier, what its keys open."""

import hashlib
import json
import sys
from typing import Any, BinaryIO

import django

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from cabinet.storage import door

PASSING = {"sessions.session", "contenttypes.contenttype", "auth.permission"}


def content_hash(opened_file: BinaryIO) -> str:
    with opened_file:
        return hashlib.sha256(opened_file.read()).hexdigest()


def rows() -> dict[str, str]:
    """The hash of the rows of each model."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in PASSING:
            ordered = QuerySet(model).order_by("pk")
            found[model._meta.label_lower] = hashlib.sha256(serializers.serialize("json", ordered).encode()).hexdigest()
    return found


def files() -> dict[str, str]:
    """The hash of each file that rows need."""
    return {
        file.name: content_hash(door.open_stored(file.name))
        for file in door.everything()
        if "/compared-" not in file.name
    }


def opened() -> dict[str, Any]:
    """What the keys open: an original, a proof, a draft, the secret of a second factor."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    from cabinet.dossiers.models import ManualValue
    from cabinet.dossiers.proofs import proof_of
    from cabinet.imports.models import Import
    from cabinet.imports.storage import source_of
    from cabinet.onboarding.drafts import read_payload
    from cabinet.onboarding.models import Draft

    fec = Import.objects.get(kind="fec", state="accepted")
    payload = read_payload(Draft.objects.get())
    return {
        "original": content_hash(source_of(fec).open()),
        "proof": proof_of(ManualValue.objects.get()).decode(),
        "draft": payload.company.siret if payload else None,
        "factor": get_adapter().decrypt(Authenticator.objects.get().data["secret"]),
    }


def page() -> int:
    """The status of the figures of a dossier, for its person in charge."""
    from django.test import Client as Browser
    from django.urls import reverse

    from cabinet.dossiers.models import ManualValue

    client = ManualValue.objects.get().year.client
    browser = Browser(headers={"host": "localhost"})
    browser.force_login(client.manager.user)
    address = reverse("dossier_figure", args=[client.id, "turnover"])
    answer = browser.get(address)
    return answer.status_code if "liasse.pdf" in answer.content.decode() else -answer.status_code


def agrees(command: str) -> str:
    """Empty when the command finds nothing wrong."""
    try:
        call_command(command, stdout=sys.stderr)
    except CommandError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    told = {"rows": rows(), "files": files(), "opened": opened()}
    told |= {"journal": agrees("journal_verify"), "storage": agrees("storage_check"), "page": page()}
    print(json.dumps(told))
