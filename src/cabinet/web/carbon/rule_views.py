"""The rules of a dossier: the list, « Classer autrement » with what it changes, withdrawn and put back."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.errors import BocageError
from cabinet.carbon.rules import rule_of
from cabinet.carbon.ruling import BadRuleError, give_rule, restore_rule, try_rule, withdraw_rule
from cabinet.carbon.selectors import reading_of
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier
from cabinet.web.actor import ActorRequest
from cabinet.web.carbon.rules import RuleForm, Step, rule_page, rules_page, trial_shown
from cabinet.web.components.notices import confirm
from cabinet.web.dossier.frame import Head, open_head

TAB = "dossier_indicators"


@require_safe
def rules(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Règles de classement »."""
    head = open_head(request, client_id, "carbon_rules", tab=TAB)
    return render(request, "carbon/rules.html", {"page": rules_page(head), "head": head})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Classer autrement »: which lines, what they become, what it changes, then saved."""
    head = open_head(request, client_id, "carbon_rule", tab=TAB)
    reading = reading_of(head.year)
    if reading is None or head.year is None:
        return render(request, "carbon/none.html", {"head": head})
    access_dossier(request.actor, client_id, "indicators.edit")
    refuse_when_inactive(head.client)
    if request.method != "POST":
        form = RuleForm.from_address(request.GET, reading=reading)
        return render(request, "carbon/rule.html", {"page": rule_page(head, form), "head": head})
    step = Step.of(request.POST.get("etape", ""))
    form = RuleForm(request.POST, reading=reading, step=step)
    trial = None
    if form.is_valid():
        try:
            if step is Step.KEEP:
                kept = give_rule(actor=request.actor, client=head.client, terms=form.terms())
                undo = reverse("carbon_rule_withdraw", args=[client_id, kept.id]) + head.query
                confirm(request, "La règle est enregistrée, l’estimation se recalcule.", undo_url=undo)
                return _to_the_list(head)
            trial = try_rule(head.year, form.terms())
        except BadRuleError as error:
            form.refuse(error)
        except BocageError:
            form.add_error(None, "Ce que la règle changerait n’a pas pu être calculé. Essayez de nouveau plus tard.")
    shown = trial_shown(head, trial) if trial else None
    page = rule_page(head, form, shown)
    return render(request, "carbon/rule.html", {"page": page, "head": head}, status=200 if shown else 422)


def _to_the_list(head: Head) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("carbon_rules", args=[head.client.id]) + head.query)


@require_POST
def withdraw(request: ActorRequest, client_id: UUID, rule_id: UUID) -> HttpResponse:
    """Take a rule away."""
    head = open_head(request, client_id, "carbon_rules", tab=TAB)
    access_dossier(request.actor, client_id, "indicators.edit")
    withdraw_rule(actor=request.actor, rule=rule_of(head.client, rule_id))
    undo = reverse("carbon_rule_restore", args=[client_id, rule_id]) + head.query
    confirm(request, "La règle est retirée, l’estimation se recalcule.", undo_url=undo)
    return _to_the_list(head)


@require_POST
def restore(request: ActorRequest, client_id: UUID, rule_id: UUID) -> HttpResponse:
    """Put a withdrawn rule back."""
    head = open_head(request, client_id, "carbon_rules", tab=TAB)
    access_dossier(request.actor, client_id, "indicators.edit")
    restore_rule(actor=request.actor, rule=rule_of(head.client, rule_id))
    confirm(request, "La règle est remise, l’estimation se recalcule.")
    return _to_the_list(head)
