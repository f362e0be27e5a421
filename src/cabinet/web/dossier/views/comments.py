"""Comments on figures."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.comments import add_comment, comment_of, delete_comment, resolve
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm
from cabinet.web.dossier.comments import CommentForm, thread_shown, threads_shown, topic_of
from cabinet.web.dossier.frame import Head, open_head


def _opened(request: ActorRequest, client_id: UUID) -> tuple[Head, FiscalYear]:
    head = open_head(request, client_id, "dossier_comments", tab="dossier_indicators")
    if request.method == "POST":
        access_dossier(request.actor, client_id, "indicators.edit")
        refuse_when_inactive(head.client)
    if head.year is None:
        raise Http404
    return head, head.year


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The threads of a year, or that of one figure; what is sent is added to it."""
    head, year = _opened(request, client_id)
    code = request.GET.get("sujet", "")
    if request.method != "POST":
        one = [thread_shown(request.actor, head, year, code)] if code else []
        context = {"head": head, "threads": one or threads_shown(request.actor, head, year), "alone": bool(code)}
        return render(request, "dossier/comments.html", context)
    topic = topic_of(head, code)
    form = CommentForm(request.POST)
    if form.is_valid():
        add_comment(actor=request.actor, year=year, topic=code, label=topic.label, text=form.cleaned_data["text"])
        confirm(request, "Le commentaire est ajouté.")
        return _to_thread(head, code)
    context = {"head": head, "threads": [thread_shown(request.actor, head, year, code, form)], "alone": True}
    return render(request, "dossier/comments.html", context, status=422)


@require_POST
def resolve_thread(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Settle what waits about a figure."""
    head, year = _opened(request, client_id)
    topic = topic_of(head, request.POST.get("sujet", ""))
    if resolve(actor=request.actor, year=year, topic=topic.code, label=topic.label):
        confirm(request, "Les commentaires de ce chiffre sont résolus.")
    return _to_thread(head, topic.code)


@require_POST
def delete(request: ActorRequest, client_id: UUID, comment_id: UUID) -> HttpResponse:
    """Take one's own comment back."""
    head, year = _opened(request, client_id)
    comment = comment_of(year, comment_id)
    topic = topic_of(head, comment.topic)
    delete_comment(actor=request.actor, comment=comment, label=topic.label)
    confirm(request, "Le commentaire est retiré.")
    return _to_thread(head, topic.code)


def _to_thread(head: Head, code: str) -> HttpResponseRedirect:
    link = "&" if head.query else "?"
    return HttpResponseRedirect(f"{reverse('dossier_comments', args=[head.client.id])}{head.query}{link}sujet={code}")
