"""A person's rules on the lines of a dossier: tried first, given with their reason, withdrawn, put back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from bocage.indicators import carbon
from bocage.referentials.carbon import account_map, shipped
from bocage.wording import sentence
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.carbon.estimating import Inputs, estimated, inputs_of
from cabinet.carbon.models import ClassingRule
from cabinet.carbon.rules import as_library, rules_of
from cabinet.carbon.selectors import reading_of, version_of
from cabinet.carbon.tasks import refresh_after_change
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.imports.storage import work_folder

MOST_RULES: Final = 500
"""Rules that hold in a dossier: more would be a map of accounts of its own, and slow every estimate."""
FIRST_LINES: Final = 8
_TRIED: Final = "tried"


class BadRuleError(Exception):
    """The rule cannot be kept: ``code`` is lines (it names none), target (what they become) or many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """A rule before it is kept. ``target``: ``branch:C16``, ``category:services`` or ``excluded``."""

    supplier: str
    account: str
    words: str
    target: str
    reason: str = ""
    supplier_name: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would make of a year: its sentence, totals before and after, its first lines, where they go."""

    said: str
    before: carbon.Total
    after: carbon.Total
    found: carbon.LinesPage
    moves: Sequence[carbon.Moved]


def chosen_categories() -> tuple[str, ...]:
    """The categories that a rule may give: those of the account map that buy something."""
    rows = (row for row in account_map() if row.treatment != "exclude" and row.role in ("spend", "capex"))
    return tuple(dict.fromkeys(row.category for row in rows if row.category != "energy_unsplit"))


def drafted(client: Client, terms: RuleTerms) -> ClassingRule:
    """The rule of these terms, not kept. Raises BadRuleError."""
    words = carbon.words_of(terms.words)
    if not (terms.supplier or terms.account or words):
        raise BadRuleError("lines")
    kind, _, value = terms.target.partition(":")
    known = {"branch": shipped().branches, "category": chosen_categories(), "excluded": ("",)}
    if value not in known.get(kind, ()):
        raise BadRuleError("target")
    return ClassingRule(
        client=client,
        supplier=terms.supplier,
        supplier_name=terms.supplier_name,
        account=terms.account,
        words=" ".join(words),
        branch=value if kind == "branch" else "",
        category=value if kind == "category" else "",
        excluded=kind == "excluded",
        reason=terms.reason,
    )


def try_rule(year: FiscalYear, terms: RuleTerms) -> Trial | None:
    """What the rule would make of the year; None while it has no books. Raises BadRuleError."""
    rule = drafted(year.client, terms)
    inputs = inputs_of(year.client, year, version_of(year))
    if inputs is None:
        return None
    others = [one for one in rules_of(year.client) if not _same_lines(one, rule)]
    mine = replace(as_library([rule])[0], id=_TRIED)
    with work_folder() as work:
        now, before = _as_it_is(year, inputs, work)
        found = estimated(replace(inputs, rules=(*as_library(others), mine)), work / "after.parquet")
        return Trial(
            said=said(rule),
            before=now,
            after=carbon.total_of(carbon.read_cells(found.lines), found.factors),
            found=carbon.lines_of(found.lines, carbon.Slice(rule=_TRIED), limit=FIRST_LINES),
            moves=carbon.moves_between(before, found.lines, rule=_TRIED),
        )


def _as_it_is(year: FiscalYear, inputs: Inputs, work: Path) -> tuple[carbon.Total, Path]:
    """The total without the rule and its lines: the estimate kept, when it is one of the same inputs."""
    reading = reading_of(year)
    if reading is not None and reading.row.inputs_hash == inputs.digest and reading.path.exists():
        return reading.total(), reading.path
    found = estimated(inputs, work / "before.parquet")
    return carbon.total_of(carbon.read_cells(found.lines), found.factors), found.lines


def _same_lines(one: ClassingRule, other: ClassingRule) -> bool:
    return (one.supplier, one.account, one.words) == (other.supplier, other.account, other.words)


@transaction.atomic
def give_rule(*, actor: Actor, client: Client, terms: RuleTerms) -> ClassingRule:
    """Keep a rule, and have the estimates computed again; a former one on the very same lines is withdrawn.

    Raises BadRuleError, PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(client)
    rule = drafted(client, terms)
    former = _make_room(actor, rule)
    if rules_of(client).count() >= MOST_RULES:
        raise BadRuleError("many")
    rule.author, rule.author_name = actor.collaborator, actor.author.label[:200]
    rule.save()
    _journal("carbon.rule_given", actor, rule, (said(former) if former else None, said(rule)))
    return _after(rule)


@transaction.atomic
def withdraw_rule(*, actor: Actor, rule: ClassingRule) -> ClassingRule:
    """Take a rule away: what decided before it decides again. It stays in the list, to be put back."""
    refuse_when_inactive(rule.client)
    if rule.withdrawn_at is None:
        _withdraw(actor, rule)
        _journal("carbon.rule_withdrawn", actor, rule, (said(rule), None))
    return _after(rule)


@transaction.atomic
def restore_rule(*, actor: Actor, rule: ClassingRule) -> ClassingRule:
    """Put a withdrawn rule back; the one that holds for the very same lines leaves its place."""
    refuse_when_inactive(rule.client)
    if rule.withdrawn_at is not None:
        former = _make_room(actor, rule)
        rule.withdrawn_at, rule.withdrawn_by = None, ""
        rule.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _journal("carbon.rule_restored", actor, rule, (said(former) if former else None, said(rule)))
    return _after(rule)


def said(rule: ClassingRule) -> str:
    """« Fournisseur Scierie du Loup, compte 6063 : Travail du bois »."""
    return f"{said_lines(rule)}\u00a0: {said_target(rule)}"


def said_lines(rule: ClassingRule) -> str:
    """Which lines a rule holds for, in French."""
    parts = [
        f"fournisseur {rule.supplier_name or rule.supplier}" if rule.supplier else "",
        f"compte {rule.account}" if rule.account else "",
        f"libellé «\u00a0{rule.words}\u00a0»" if rule.words else "",
    ]
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def said_target(rule: ClassingRule) -> str:
    """What the lines become, in French."""
    if rule.excluded:
        return sentence("carbon", "category_out_of_scope").message
    if rule.branch:
        return sentence("branches", rule.branch).message
    return sentence("carbon", f"category_{rule.category}").message


def _make_room(actor: Actor, rule: ClassingRule) -> ClassingRule | None:
    lines = {"supplier": rule.supplier, "account": rule.account, "words": rule.words}
    former = rules_of(rule.client).filter(**lines).exclude(id=rule.id).first()
    if former is not None:
        _withdraw(actor, former)
    return former


def _withdraw(actor: Actor, rule: ClassingRule) -> None:
    rule.withdrawn_at, rule.withdrawn_by = timezone.now(), actor.author.label[:200]
    rule.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _journal(action: str, actor: Actor, rule: ClassingRule, change: tuple[str | None, str | None]) -> None:
    subject = Subject(label=said_lines(rule)[:200], id=rule.id, client_id=rule.client_id)
    record(action, author=actor.author, subject=subject, changes={"règle": change})


def _after(rule: ClassingRule) -> ClassingRule:
    transaction.on_commit(partial(refresh_after_change, rule.client_id))
    return rule
