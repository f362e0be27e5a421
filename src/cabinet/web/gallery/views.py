"""Every component in every state: what to copy, and where to see what a change of style breaks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from cabinet.web.gallery.samples import GalleryPage
from cabinet.web.uploads import SealedUpload


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/index.html", {"sample": GalleryPage()})


@require_GET
def drawer(request: HttpRequest) -> HttpResponse:
    inside = request.headers.get("HX-Target") == "drawer-content"
    return render(request, "gallery/_drawer.html" if inside else "gallery/drawer.html")


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Answers as an upload view does, and keeps nothing."""
    sent = request.FILES.get("documents")
    refused = sent is None or not sent.size
    if isinstance(sent, SealedUpload):
        sent.incoming.discard()
    return render(request, "gallery/_file.html", {"file": sent, "refused": refused}, status=422 if refused else 200)
