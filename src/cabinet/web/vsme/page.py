"""The context of *Indicateurs › VSME*: counts, filters, rows by disclosure, sources that open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from bocage.referentials.vsme import CREDIT, Datapoint, Module, datapoints
from bocage.vsme import Counts, Row, Status, counts_of, written
from bocage.wording import sentence
from cabinet.clients.models import Client
from cabinet.vsme.models import PointAnswer
from cabinet.vsme.selectors import Table
from cabinet.web.components.parts import Choice, Tab
from cabinet.web.dossier.figures import SourceShown, source_of, words_of
from cabinet.web.dossier.frame import Head

MODULES = {"base": Module.BASIC, "complet": Module.COMPREHENSIVE, "libre": Module.BOTH}
MODULE_WORDS = {"base": "Module de base", "complet": "Module complet", "libre": "Ajouts libres"}
TONES = {
    Status.PREFILLED: ("ok", "check"),
    Status.TO_CONFIRM: ("warn", "alert-triangle"),
    Status.ANSWERED: ("ok", "check"),
    Status.TO_ASK: ("missing", "missing"),
    Status.NOT_APPLICABLE: ("quiet", ""),
    Status.OMITTED: ("quiet", "archive"),
}


@dataclass(frozen=True, slots=True)
class RowShown:
    """One data point, as text."""

    concept: str
    paragraph: str
    label: str
    value: str
    word: str
    tone: str
    icon: str
    reason: str
    sources: Sequence[SourceShown]
    url: str
    asked: bool
    author: str
    answered_at: datetime | None
    proof_name: str
    proof_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A disclosure: B1, C3…"""

    code: str
    title: str
    rows: Sequence[RowShown]


@dataclass(frozen=True, slots=True)
class VsmePage:
    """What the template draws."""

    pills: Sequence[Tab]
    modules: Sequence[Choice]
    statuses: Sequence[Choice]
    counts: Counts
    total: int
    groups: Sequence[Group]
    credit: str
    xlsx_url: str


def point_of(concept: str) -> Datapoint:
    """The data point of an address. Raises Http404."""
    for one in datapoints():
        if one.concept == concept:
            return one
    raise Http404


def vsme_page(head: Head, pills: Sequence[Tab], table: Table, asked: QueryDict) -> VsmePage:
    """The rows of one module, of one state when asked."""
    slug = asked.get("module", "base")
    slug = slug if slug in MODULES else "base"
    state = asked.get("etat", "")
    state = state if state in set(Status) else ""
    rows = table.prefill.of_module(MODULES[slug])
    shown = [row for row in rows if not state or row.status == state]
    return VsmePage(
        pills=pills,
        modules=[Choice(MODULE_WORDS[key], _address(head, key, ""), current=key == slug) for key in MODULES],
        statuses=[
            Choice("Tous", _address(head, slug, ""), current=not state),
            *(
                Choice(_word(one), _address(head, slug, one), current=one == state)
                for one in Status
                if any(row.status is one for row in rows)
            ),
        ],
        counts=counts_of(rows),
        total=len(rows),
        groups=[
            Group(code, sentence("vsme", f"disclosure/{code}").message, [show_row(head, row, table) for row in some])
            for code, some in _by_disclosure(shown)
        ],
        credit=CREDIT,
        xlsx_url=reverse("vsme_xlsx", args=[head.client.id]) + head.query,
    )


def _by_disclosure(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The standard's order; a disclosure met twice is one group."""
    order = {row.point.disclosure: rank for rank, row in reversed(list(enumerate(rows)))}
    ordered = sorted(rows, key=lambda row: order[row.point.disclosure])
    return [(code, list(some)) for code, some in groupby(ordered, key=lambda row: row.point.disclosure)]


def _word(status: Status) -> str:
    return sentence("vsme", f"status/{status.value}").message


def _address(head: Head, module: str, state: str) -> str:
    url = reverse("vsme", args=[head.client.id]) + (head.query or "?")
    link = "&" if head.query else ""
    return f"{url}{link}module={module}" + (f"&etat={state}" if state else "")


def show_row(head: Head, row: Row, table: Table) -> RowShown:
    """One row as text."""
    tone, icon = TONES[row.status]
    answer: PointAnswer | None = table.answers.get(row.point.concept)
    return RowShown(
        concept=row.point.concept,
        paragraph=row.point.paragraph,
        label=row.point.label_fr,
        value=written(row),
        word=_word(row.status),
        tone=tone,
        icon=icon,
        reason=_reason(row),
        sources=[_marked(_source(head, source), source, table) for source in row.sources if source != "answer"],
        url=reverse("vsme_point", args=[head.client.id, row.point.concept]) + head.query,
        asked=row.status is Status.TO_ASK,
        author=answer.author_name if answer else "",
        answered_at=answer.answered_at if answer else None,
        proof_name=answer.file_name if answer else "",
        proof_url=reverse("vsme_proof", args=[head.client.id, row.point.concept]) + head.query
        if answer and answer.proof_id
        else "",
    )


def _reason(row: Row) -> str:
    if row.said or not row.reason:
        return row.reason
    try:
        return sentence("vsme", row.reason).message
    except KeyError:
        # A figure may be partial for any of the reasons of its own family.
        return sentence("vsme", "figure_partial").message


def _marked(shown: SourceShown, source: str, table: Table) -> SourceShown:
    """A figure that a person gave says so wherever it travels."""
    return SourceShown(f"{shown.text} (valeur saisie)", shown.url) if source in table.by_hand else shown


def _source(head: Head, source: str) -> SourceShown:
    """Where a value comes from, in French, with the page that shows it when there is one."""
    kind, _, name = source.partition(":")
    if kind == "vsme":
        return SourceShown(point_of(name).label_fr, reverse("vsme_point", args=[head.client.id, name]) + head.query)
    if kind == "quantity":
        said = sentence("vsme", "source/quantity", name=_category(name)).message
        return SourceShown(said, reverse("carbon_quantities", args=[head.client.id]) + head.query)
    if kind == "line":
        found = reverse("books_ledger", args=[head.client.id])
        year = f"{head.query}&" if head.query else "?"
        return SourceShown(
            sentence("vsme", "source/line", line=name).message,
            f"{found}{year}{urlencode({'ligne': name})}#ligne-{name}",
        )
    if kind == "carbon":
        return SourceShown(
            sentence("vsme", f"source/{source}").message, reverse("carbon", args=[head.client.id]) + head.query
        )
    if kind in {"registry", "choice"}:
        return SourceShown(sentence("vsme", f"source/{source}").message, "")
    if source.startswith("accounts "):
        return source_of(head.client, source, head.query)
    return _indicator(head.client, source, head.query)


def _category(name: str) -> str:
    return sentence("carbon", f"category_{name}").message


def _indicator(client: Client, code: str, query: str) -> SourceShown:
    for family in ("economic", "workforce"):
        try:
            name, _ = words_of(family, code)
        except KeyError:
            continue
        return SourceShown(name, reverse("dossier_figure", args=[client.id, code]) + query)
    return SourceShown(code, "")
