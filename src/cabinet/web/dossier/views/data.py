"""Files: what is there, and receiving more."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cabinet.clients.access import access_client
from cabinet.clients.services import refuse_when_inactive
from cabinet.imports.models import Import
from cabinet.imports.selectors import running_of
from cabinet.imports.services import receive
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.books.frame import views_of
from cabinet.web.dossier.data import data_of, fetch_urls
from cabinet.web.dossier.files import lines_of
from cabinet.web.dossier.frame import open_head, rights_of
from cabinet.web.uploads import sent_files


@require_safe
def data(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The tab « Données »."""
    head = open_head(request, client_id, "dossier_data")
    page = data_of(replace(head, views=views_of(head.client, head.query, "dossier_data")))
    return render(request, "dossier/data.html", {"page": page, "head": page.head, **fetch_urls(head.client)})


@require_POST
def upload(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Take the files sent: one at a time from the drop zone, which gets its lines; all together from a plain form."""
    client = access_client(request.actor, client_id, "data.import")
    refuse_when_inactive(client)
    received: list[Import] = [
        receive(actor=request.actor, incoming=sent.incoming, to=client, too_large=sent.too_large)
        for sent in sent_files(request, request.actor, "files")
    ]
    if "X-Bocage-Upload" not in request.headers:
        return HttpResponseRedirect(reverse("dossier_data", args=[client.id]) + "#fichiers")
    for imported in received:
        imported.refresh_from_db()
    lines = lines_of(received, rights_of(request, client), running_of(received))
    return render(request, "dossier/_files.html", {"lines": lines})
