"""From a total to its lines: a post, a category, a supplier, the lines of the FEC and their entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse

from bocage.indicators import carbon
from bocage.indicators.carbon import Cell, Frame, How, LinesPage, SuppliersPage, SupplierTotal, Total, TracedLine
from bocage.wording import sentence
from cabinet.carbon.rules import authors_of
from cabinet.carbon.selectors import Reading
from cabinet.web.carbon.links import Asked, address, rule_url
from cabinet.web.carbon.posts import category_totals
from cabinet.web.carbon.words import (
    FRAMES,
    category_name,
    cell_name,
    doubt,
    factor_name,
    post_label,
    tonnes,
)
from cabinet.web.components.formats import NBSP, UNKNOWN, euros, number, percent
from cabinet.web.components.parts import Bar, BarChart, Choice, Link
from cabinet.web.dossier.books.frame import page_of
from cabinet.web.dossier.frame import Head

SUPPLIERS, LINES = 25, 50


@dataclass(frozen=True, slots=True)
class FactorLine:
    """Cells that share a category, a factor and a rule: where a part of the figure comes from."""

    label: str
    rule: str
    factor: str
    version: str
    amount: str
    tonnes: str
    url: str


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """A supplier of the list, with the way to its lines."""

    supplier: SupplierTotal
    tonnes: str
    url: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the FEC: what became of it, where its entry and its account are, whose rule decided it."""

    line: TracedLine
    rule: str
    figure: str
    entry_url: str
    account_url: str
    ruled_by: str
    rules_url: str
    other_url: str
    """« Classer autrement »; empty when it may not be."""


@dataclass(frozen=True, slots=True)
class DetailPage:
    """What the template draws: one of suppliers and lines, by ``views``."""

    head: Head
    asked: Asked
    title: str
    eyebrow: str
    total: Total
    value: str
    doubt: str
    share: str
    categories: BarChart | None
    factors: Sequence[FactorLine]
    views: Sequence[Choice]
    found: LinesPage | None
    page: Page[TracedLine] | Page[SupplierTotal]
    lines: Sequence[LineShown]
    suppliers: Sequence[SupplierLine]
    clear_url: str
    other_url: str
    topic: str
    """What comments on this part are about; empty where there is no thread."""
    trail: Sequence[Link]


def matching(reading: Reading, asked: Asked) -> list[Cell]:
    """The cells of what is asked, suppliers and text apart: those of lines out of scope only when asked for."""
    return [
        cell
        for cell in reading.cells
        if (not asked.post or asked.post in cell.posts(asked.frame))
        and (not asked.category or cell.category == asked.category)
        and (not asked.branch or cell.branch == asked.branch)
        and (not asked.factor or cell.factor == asked.factor)
        and (not asked.how or cell.how == asked.how)
    ]


def detail_page(head: Head, reading: Reading, asked: Asked, query: QueryDict) -> DetailPage:
    """The page of a slice of the estimate."""
    cells = matching(reading, asked)
    total, whole = reading.total(cells), reading.total()
    by_lines = asked.lines or asked.narrowed
    found: list[LinesPage] = []
    page = _lines(reading, asked, query, found) if by_lines else _suppliers(reading, asked, query)
    narrowed = asked.narrowed
    kg = found[-1].kgco2e if narrowed else total.kgco2e
    return DetailPage(
        head=head,
        asked=asked,
        title=_title(asked, page),
        eyebrow=_eyebrow(asked),
        total=total,
        value=tonnes(kg) if total.lines or narrowed else UNKNOWN,
        doubt="" if narrowed else doubt(total),
        share=percent(100 * kg / whole.kgco2e, 1) if whole.kgco2e > 0 and (total.lines or narrowed) else "",
        categories=None if narrowed or asked.category else _categories(head, reading, cells, asked),
        factors=[] if narrowed else _factors(head, reading, cells, asked),
        views=[] if narrowed else _views(head, asked, by_lines=by_lines),
        found=found[-1] if found else None,
        page=page,
        lines=lines_shown(head, [one for one in page if isinstance(one, TracedLine)]),
        suppliers=[] if by_lines else [_supplier(head, asked, one) for one in page],
        clear_url=address(head, "carbon_detail", asked.but(text="")),
        other_url=rule_url(head, supplier=asked.supplier, account=asked.account) if narrowed and not asked.rule else "",
        topic=f"carbon:{asked.post}" if asked.post and asked.frame is Frame.GHGP and not narrowed else "",
        trail=[*_trail(head, asked), Link(_title(asked, page))],
    )


def _lines(reading: Reading, asked: Asked, query: QueryDict, found: list[LinesPage]) -> Page[TracedLine]:
    def fetch(offset: int) -> tuple[Sequence[TracedLine], int]:
        found.append(carbon.lines_of(reading.path, asked.slice, offset=offset, limit=LINES))
        return found[-1].lines, found[-1].count

    return page_of(fetch, query.get("page", ""), LINES)


def _suppliers(reading: Reading, asked: Asked, query: QueryDict) -> Page[SupplierTotal]:
    def fetch(offset: int) -> tuple[Sequence[SupplierTotal], int]:
        found: SuppliersPage = carbon.suppliers_of(reading.path, asked.slice, offset=offset, limit=SUPPLIERS)
        return found.suppliers, found.count

    return page_of(fetch, query.get("page", ""), SUPPLIERS)


def _title(asked: Asked, page: Page[TracedLine] | Page[SupplierTotal]) -> str:
    if asked.supplier:
        first = next(iter(page), None)
        name = first.supplier_name if isinstance(first, TracedLine) else ""
        return name or asked.supplier
    if asked.rule:
        return "Lignes d’une règle"
    if asked.account:
        return f"Compte {asked.account}, lignes sans fournisseur"
    if asked.category:
        return category_name(asked.category)
    if asked.post:
        return post_label(asked.frame, asked.post)
    if asked.branch:
        return sentence("branches", asked.branch).message
    if asked.how:
        return sentence("carbon", f"how_{asked.how}").message
    return "Tout l’exercice"


def _eyebrow(asked: Asked) -> str:
    parts = [FRAMES[asked.frame]]
    if asked.post and (asked.category or asked.supplier or asked.account):
        parts.append(post_label(asked.frame, asked.post))
    if asked.category and (asked.supplier or asked.account):
        parts.append(category_name(asked.category))
    if asked.supplier:
        parts.append(f"compte auxiliaire {asked.supplier}")
    return ", ".join(parts)


def _trail(head: Head, asked: Asked) -> list[Link]:
    """From the clients to what is above this page; the title says the rest."""
    trail = [
        Link("Clients", reverse("client_list")),
        Link(head.client.name, reverse("dossier_overview", args=[head.client.id]) + head.query),
        Link("Carbone", address(head, "carbon", Asked(frame=asked.frame))),
    ]
    narrow = asked.supplier or asked.account
    if asked.post and (asked.category or narrow):
        post = Asked(frame=asked.frame, post=asked.post)
        trail.append(Link(post_label(asked.frame, asked.post), address(head, "carbon_detail", post)))
    if asked.category and narrow:
        above = asked.but(supplier="", account="", text="", lines=False)
        trail.append(Link(category_name(asked.category), address(head, "carbon_detail", above)))
    return trail


def _categories(head: Head, reading: Reading, cells: Sequence[Cell], asked: Asked) -> BarChart | None:
    totals = category_totals(reading, cells)
    if len(totals) < 2:
        return None
    bars = []
    for category, name, total in totals:
        url = address(head, "carbon_detail", asked.but(category=category)) if category else ""
        known = total.lines > 0
        text = f"{tonnes(total.kgco2e)}{NBSP}t" if known else f"{UNKNOWN}, {euros(total.missing_amount)}{NBSP}€"
        bars.append(
            Bar(
                name,
                max(total.kgco2e, Decimal(0)) if known else None,
                text,
                low=max(total.low, Decimal(0)) if known and total.half_width else None,
                high=max(total.high, Decimal(0)) if known and total.half_width else None,
                tone="scope-3",
                url=url,
            )
        )
    return BarChart("Émissions par catégorie, avec leur intervalle à 95\u00a0%.", "Catégorie", "t CO2e", tuple(bars))


def _factors(head: Head, reading: Reading, cells: Sequence[Cell], asked: Asked) -> list[FactorLine]:
    groups: dict[tuple[str, str, How], list[Cell]] = {}
    for cell in cells:
        if cell.factor and cell.how is not How.EXCLUDED:
            groups.setdefault((cell.category or "", cell.factor, cell.how), []).append(cell)
    lines = []
    for (category, factor, how), some in groups.items():
        used, total = reading.factors[factor], reading.total(some)
        here = asked.but(category=category, factor=factor, how=how.value)
        lines.append(
            (
                total.kgco2e,
                FactorLine(
                    label=cell_name(some[0]),
                    rule=sentence("carbon", f"how_{how}").message,
                    factor=factor_name(used),
                    version=used.version,
                    amount="" if how is How.QUANTITY else f"{euros(total.amount)}{NBSP}€",
                    tonnes=tonnes(total.kgco2e),
                    url=address(head, "carbon_trace", here),
                ),
            )
        )
    return [line for _, line in sorted(lines, key=lambda one: -one[0])]


def _views(head: Head, asked: Asked, *, by_lines: bool) -> list[Choice]:
    return [
        Choice("Fournisseurs", address(head, "carbon_detail", asked.but(lines=False)), current=not by_lines),
        Choice("Lignes du FEC", address(head, "carbon_detail", asked.but(lines=True)), current=by_lines),
    ]


def lines_shown(head: Head, lines: Sequence[TracedLine]) -> list[LineShown]:
    """Lines with whose rule decided them: one query, when a rule decided any."""
    authors = authors_of(head.client) if any(line.rule for line in lines) else {}
    return [_line(head, line, authors) for line in lines]


def _line(head: Head, line: TracedLine, authors: Mapping[str, str]) -> LineShown:
    books = f"?exercice={head.year.id}" if head.query and head.year else ""
    entry = reverse("books_entry", args=[head.client.id, line.entry_index]) + books if line.entry_index else ""
    ledger = reverse("books_ledger", args=[head.client.id]) + (f"{books}&" if books else "?")
    author = authors.get(line.rule) if line.rule else None
    return LineShown(
        line=line,
        rule=sentence("carbon", f"how_{line.how}").message,
        figure=UNKNOWN if line.how is How.MISSING else number(line.kgco2e, 1),
        entry_url=entry,
        account_url=f"{ledger}compte={line.account}" if line.account else "",
        ruled_by=author or "",
        rules_url=f"{address(head, 'carbon_rules')}#r{line.rule}" if author else "",
        other_url=rule_url(head, supplier=line.supplier, account=line.account) if line.line else "",
    )


def _supplier(head: Head, asked: Asked, one: SupplierTotal | TracedLine) -> SupplierLine:
    if not isinstance(one, SupplierTotal):
        raise TypeError("a supplier was expected")
    waits = one.missing and not one.amount
    text = UNKNOWN if waits else tonnes(one.kgco2e)
    return SupplierLine(one, text, address(head, "carbon_detail", asked.but(supplier=one.key)))
