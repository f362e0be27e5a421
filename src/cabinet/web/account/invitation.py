"""The page behind a welcome letter: a first password, then the door."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cabinet.accounts.invitations import Unusable, accept, opened_by
from cabinet.web.account.address import client_address
from cabinet.web.account.forms import FirstPasswordForm

PAGE = "account/invitation.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Reading it changes nothing: a mail scanner that follows links uses nothing up."""
    try:
        found = opened_by(secret)
        user = found.collaborator.user
        form = FirstPasswordForm(user, request.POST if request.method == "POST" else None)
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, PAGE, {"invitation": found, "form": form}, status=status)
        user = accept(secret=secret, password=form.cleaned_data["password1"], address=client_address(request))
    except Unusable:
        return render(request, PAGE, {"invitation": None}, status=410)
    if request.user.is_authenticated:
        logout(request)
    response: HttpResponse = perform_login(request, user)
    return response
