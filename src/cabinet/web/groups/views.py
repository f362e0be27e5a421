"""Screens of groups."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cabinet.accounts.access import access_group
from cabinet.accounts.permissions import Role
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm
from cabinet.web.groups import saving
from cabinet.web.groups.contexts import GroupDeletion, build_list, build_page, parts
from cabinet.web.groups.forms import GroupDeletionForm, GroupForm


@require_GET
def group_list(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("groups.manage"):
        raise PermissionDenied
    return render(request, "groups/list.html", {"lines": build_list(request.actor)})


@require_http_methods(["GET", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("groups.manage"):
        raise PermissionDenied
    form = GroupForm(request.actor, request.POST if request.method == "POST" else None)
    made = saving.keep(request.actor, form) if form.is_bound else None
    if made is None:
        context = {"form": form, "group": None, "parts": parts(form.checked, request.actor.codes)}
        return render(request, "groups/form.html", context, status=422 if form.is_bound else 200)
    confirm(request, f"Le groupe {made.name} est créé.")
    return redirect("group", made.id)


@require_GET
def group(request: ActorRequest, group_id: UUID) -> HttpResponse:
    found = access_group(request.actor, group_id)
    return render(request, "groups/group.html", {"page": build_page(request.actor, found)})


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, group_id: UUID) -> HttpResponse:
    found = access_group(request.actor, group_id)
    if found.role == Role.ADMINISTRATOR:
        raise PermissionDenied
    form = GroupForm(request.actor, request.POST if request.method == "POST" else None, found)
    kept = saving.keep(request.actor, form, found) if form.is_bound else None
    if kept is None:
        context = {"form": form, "group": found, "parts": parts(form.checked, request.actor.codes)}
        return render(request, "groups/form.html", context, status=422 if form.is_bound else 200)
    confirm(request, f"Le groupe {kept.name} est enregistré.")
    return redirect("group", kept.id)


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, group_id: UUID) -> HttpResponse:
    found = access_group(request.actor, group_id)
    if found.is_protected:
        raise PermissionDenied
    form = GroupDeletionForm(request.actor, found, request.POST if request.method == "POST" else None)
    page = GroupDeletion(found, found.collaborators.count(), form)
    refused = saving.delete(request.actor, page) if form.is_bound else page
    if refused is not None:
        return render(request, "groups/delete.html", {"deletion": refused}, status=422 if form.is_bound else 200)
    confirm(request, f"Le groupe {found.name} est supprimé.")
    return redirect("group_list")
