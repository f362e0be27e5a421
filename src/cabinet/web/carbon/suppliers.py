"""« Fournisseurs »: what each supplier weighs, the company behind it, and what is left to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from bocage.identifiers import Naf
from bocage.referentials.carbon import TraderRule, supplier_rule
from bocage.referentials.naf import naf_label, ratio_branch_of_division
from bocage.wording import sentence
from cabinet.carbon.models import SupplierSpend
from cabinet.carbon.selectors import Reading, is_estimating
from cabinet.carbon.suppliers import (
    Filter,
    SupplierRow,
    counts_of,
    is_recognising,
    listed,
    recognition_of,
    with_identities,
)
from cabinet.jobs.models import JobState
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import branch_name, tonnes
from cabinet.web.components.formats import NBSP, UNKNOWN, euros, percent, plural
from cabinet.web.components.parts import Tab
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.indicators import pills_of

SIZE = 25
NONE = "aucune"
"""The choice « aucune de ces sociétés »."""
CHOICE, NUMBER = "choix:", "siren:"
"""What stands before the key of a supplier in the names of the form."""
LABELS = {
    Filter.ALL: "Tous",
    Filter.SEARCHED: "À reconnaître",
    Filter.PROPOSED: "À confirmer",
    Filter.CONFIRMED: "Confirmés",
    Filter.REFUSED: "Écartés",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company proposed: who, where, what its activity gives, and what must be known before it is taken."""

    siren: str
    company: str
    place: str
    activity: str
    branch: str
    score: str
    remembered: bool
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A supplier of the list."""

    row: SupplierRow
    name: str
    amount: str
    tonnes: str
    share: str
    doubt: str
    branch: str
    candidates: Sequence[Candidate]
    url: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class SuppliersPage:
    """What the template draws."""

    pills: Sequence[Tab]
    filters: Sequence[Tab]
    shown: Filter
    text: str
    lines: Sequence[Line]
    page: Page[SupplierSpend]
    said: str
    change: str
    edit: bool
    recognising: bool
    failed: bool
    estimating: bool
    clear_url: str
    here: str


def suppliers_page(head: Head, reading: Reading, query: QueryDict) -> SuppliersPage:
    """The page of the year chosen."""
    shown, text = _filter(query), query.get("q", "").strip()[:100]
    counts = counts_of(reading.row, head.client)
    page = Paginator(listed(reading.row, head.client, shown, text), SIZE).get_page(query.get("page"))
    job = recognition_of(head.client.id)
    edit = head.rights.figures
    return SuppliersPage(
        pills=pills_of(head, "carbone"),
        filters=[Tab(LABELS[one], _url(head, one, text), current=one is shown, count=counts[one]) for one in LABELS],
        shown=shown,
        text=text,
        lines=[_line(head, reading, one, edit=edit) for one in with_identities(head.client, page)],
        page=page,
        said=_said(counts),
        change=_change(reading),
        edit=edit,
        recognising=is_recognising(job),
        failed=job is not None and job.state == JobState.FAILED,
        estimating=is_estimating(head.client.id),
        clear_url=_url(head, shown),
        here=_url(head, shown, text, page.number),
    )


def decisions(posted: Mapping[str, str]) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """What a form says: the company of each supplier confirmed, the suppliers set aside, the numbers typed."""
    chosen = {
        name.removeprefix(CHOICE): value for name, value in posted.items() if name.startswith(CHOICE) and value.strip()
    }
    typed = {
        name.removeprefix(NUMBER): value.strip()[:20]
        for name, value in posted.items()
        if name.startswith(NUMBER) and value.strip()
    }
    confirmed = {key: siren for key, siren in chosen.items() if siren != NONE and key not in typed}
    return confirmed, [key for key, value in chosen.items() if value == NONE and key not in typed], typed


def _filter(query: QueryDict) -> Filter:
    asked = query.get("etat", "")
    return Filter(asked) if asked in set(Filter) else Filter.ALL


def _url(head: Head, shown: Filter, text: str = "", page: int = 1) -> str:
    query = {"exercice": str(head.year.id)} if head.query and head.year else {}
    query |= {"etat": shown.value} if shown is not Filter.ALL else {}
    query |= {"q": text} if text else {}
    query |= {"page": str(page)} if page > 1 else {}
    here = reverse("carbon_suppliers", args=[head.client.id])
    return f"{here}?{urlencode(query)}" if query else here


def _said(counts: Mapping[Filter, int]) -> str:
    whole = counts[Filter.ALL]
    sure = counts[Filter.CONFIRMED]
    return f"{plural(whole, 'fournisseur')}, dont {plural(sure, 'confirmé')}"


def _change(reading: Reading) -> str:
    """The total before the last change of what it depends on, and now."""
    before = reading.row.before
    if not before:
        return ""
    parts = (
        (Decimal(before["total"]), Decimal(before["half_width"])),
        (reading.row.total, reading.row.half_width),
    )
    if parts[0] == parts[1]:
        return ""
    was, now = (_with_doubt(total, half) for total, half in parts)
    return f"Avant le dernier changement{NBSP}: {was}. Maintenant{NBSP}: {now}."


def _with_doubt(total: Decimal, half: Decimal) -> str:
    doubt = f" ±{NBSP}{percent(100 * half / abs(total))}" if total else ""
    return f"{tonnes(total)}{NBSP}t{doubt}"


def _line(head: Head, reading: Reading, row: SupplierRow, *, edit: bool) -> Line:
    spend, identity = row.spend, row.identity
    waits = bool(spend.missing) and not spend.amount
    total = reading.row.total
    doubt = f"±{NBSP}{tonnes(spend.doubt)}" if spend.doubt > 0 else ""
    return Line(
        row=row,
        name=spend.name or spend.key,
        amount=euros(spend.missing if waits else spend.amount),
        tonnes=UNKNOWN if waits else tonnes(spend.kgco2e),
        share="" if waits or total <= 0 else percent(100 * spend.kgco2e / total, 1),
        doubt=doubt,
        branch=_branch(identity.naf) if identity else "",
        candidates=[_candidate(one) for one in identity.candidates] if identity else [],
        url=address(head, "carbon_detail", Asked(supplier=spend.key)),
        can_undo=edit and identity is not None and bool(identity.before),
    )


def _branch(naf: str) -> str:
    """The branch that an activity gives to its lines, as the method reads it; empty when it gives none."""
    code = Naf.parse(naf)
    if code is None:
        return ""
    rule = supplier_rule(code)
    if rule is not None and rule.rule is TraderRule.PRODUCT and rule.branch:
        return f"{branch_name(rule.branch)} pour les marchandises"
    branch = ratio_branch_of_division(code.division) if rule is None or rule.rule is TraderRule.OWN else None
    return branch_name(branch) if branch else ""


def _candidate(one: Mapping[str, object]) -> Candidate:
    naf = str(one["naf"])
    traps = one["traps"]
    label = naf_label(naf) if naf else None
    return Candidate(
        siren=str(one["siren"]),
        company=str(one["company"]),
        place=str(one["town"]),
        activity=f"{naf} {label}" if label else naf,
        branch=_branch(naf),
        score="numéro écrit" if one["by_number"] else percent(100 * Decimal(str(one["score"])), 0),
        remembered=bool(one["remembered"]),
        warnings=[sentence("suppliers", str(trap)).message for trap in traps] if isinstance(traps, list) else [],
    )
