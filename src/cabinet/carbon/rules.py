"""Reading the rules of a dossier."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from bocage.indicators import carbon
from cabinet.carbon.models import ClassingRule
from cabinet.clients.models import Client


def rules_of(client: Client) -> QuerySet[ClassingRule]:
    """The rules that hold."""
    return ClassingRule.objects.filter(client=client, withdrawn_at=None).order_by("created_at", "id")


def withdrawn_rules(client: Client) -> QuerySet[ClassingRule]:
    """The rules that were taken away, latest first."""
    return ClassingRule.objects.filter(client=client, withdrawn_at__isnull=False).order_by("-withdrawn_at", "id")


def rule_of(client: Client, rule_id: UUID) -> ClassingRule:
    """A rule of a dossier obtained through its gate, withdrawn or not. Raises Http404."""
    found = ClassingRule.objects.select_related("client").filter(client=client, id=rule_id).first()
    if found is None:
        raise Http404
    return found


def authors_of(client: Client) -> dict[str, str]:
    """Who gave each rule, by its id in the inventory; withdrawn ones too, that an estimate may still bear."""
    rows = ClassingRule.objects.filter(client=client).order_by("created_at", "id")
    return {one.hex: name for one, name in rows.values_list("id", "author_name")}


def as_library(rules: Iterable[ClassingRule]) -> tuple[carbon.UserRule, ...]:
    """The same as the library takes them."""
    return tuple(
        carbon.UserRule(
            supplier=one.supplier or None,
            account=one.account or None,
            words=carbon.words_of(one.words),
            branch=one.branch or None,
            category=one.category or None,
            excluded=one.excluded,
            id=one.id.hex,
        )
        for one in rules
    )


def in_order(rules: Iterable[ClassingRule]) -> list[ClassingRule]:
    """Rules as they are tried, the first that holds decides."""
    known = {one.id.hex: one for one in rules}
    return [known[one.id] for one in carbon.by_precision(as_library(known.values()))]
