"""The components, as template tags. Every template has them without ``{% load %}``; ``/composants/`` shows them all.

Tags rather than includes: a missing parameter fails, a typing error in a code fails, and mypy reads the signatures.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cabinet.web.components import charts, controls, formats, parts, picking
from cabinet.web.components.icons import draw_icon
from cabinet.web.components.states import CONFIDENCE, Label, state_label

register = template.Library()

for _name in ("number", "money", "euros", "integer", "percent", "siret", "day", "long_day", "short_day", "month"):
    register.filter(_name, getattr(formats, _name))
for _name in ("clock", "ago", "filesize", "countdown"):
    register.filter(_name, getattr(formats, _name))


@register.filter
def chemical(text: str) -> SafeString:
    """``t CO2e`` with the 2 as an index: the font has no ₂."""
    return mark_safe(conditional_escape(text).replace("CO2", "CO<sub>2</sub>"))  # noqa: S308  # escaped just before


@register.filter
def plural(count: int, words: str) -> str:
    """``{{ n|plural:"dossier" }}``, ``{{ n|plural:"journal/journaux" }}``."""
    word, _, several = words.partition("/")
    return formats.plural(count, word, several)


def _attributes(given: Mapping[str, Any]) -> SafeString:
    """``hx_get="…"`` becomes ``hx-get="…"``; an empty or false value leaves the attribute out, True writes it bare."""
    return flatatt({key.replace("_", "-"): value for key, value in given.items() if value not in ("", None, False)})


# Signs and words


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "", label: str = "") -> SafeString:
    """``{% icon "plus" %}``. Hidden from screen readers unless ``label`` names it."""
    if name == "spinner":
        return format_html('<span class="bo-spinner {}" aria-hidden="true"></span>', css)
    return draw_icon(name, size=size, css=css, label=label)


def _draw_label(drawn: Label) -> SafeString:
    sign = icon(drawn.icon, size=14) if drawn.icon else ""
    return format_html('<span class="bo-state bo-state--{}">{}{}</span>', drawn.tone, sign, drawn.word)


@register.simple_tag
def state(code: str, word: str = "") -> SafeString:
    """``{% state import.status %}``: sign and word of a code of ``components.states``; ``word`` replaces the word."""
    return _draw_label(state_label(code, word))


@register.simple_tag
def label(word: str, tone: str = "quiet", icon: str = "") -> SafeString:
    """``{% label "Établissement ouvert" tone="ok" icon="check" %}``: a label that is no state of ours."""
    return _draw_label(Label(word, tone, icon))


@register.simple_tag
def confidence(code: str, detail: str = "", word: str = "") -> SafeString:
    """``{% confidence "estimated" "± 80 %" %}``; ``word`` replaces « Estimé »."""
    said = word or CONFIDENCE[str(code)]
    return format_html(
        '<span class="bo-confidence bo-confidence--{}">{}<span>{}{}</span></span>',
        code,
        draw_icon(str(code), size=16),
        said,
        f", {detail}" if detail else "",
    )


@register.simple_tag
def avatar(name: str, initials: str = "", size: str = "") -> SafeString:
    """Two letters in a disc; the name stands beside, so the disc is hidden from screen readers."""
    letters = initials or "".join(word[0] for word in name.split()[:2]).upper()
    return format_html(
        '<span class="bo-avatar{}" aria-hidden="true">{}</span>', f" bo-avatar--{size}" if size else "", letters
    )


@register.simple_tag
def comments(head: Any, topic: str, invite: str = "") -> SafeString:
    """``{% comments head "figure:turnover" %}``: how many comments wait on a figure, nothing when none does.

    ``invite`` is written instead, to who may begin a thread.
    """
    count = head.comments.counts[topic]
    if not count and not (invite and head.rights.figures):
        return mark_safe("")
    address = f"{reverse('dossier_comments', args=[head.client.id])}{head.query or '?'}{'&' if head.query else ''}"
    said = formats.plural(count, "commentaire en attente", "commentaires en attente")
    words = format_html('{}<span class="visually-hidden"> {}</span>', count, said) if count else invite
    return format_html(
        '<a class="bo-comments" href="{}{}">{}{}</a>',
        address,
        urlencode({"sujet": topic}),
        draw_icon("message-circle", size=16),
        words,
    )


# Actions


@register.simple_tag
def button(
    text: str,
    href: str = "",
    kind: str = "secondary",
    icon: str = "",
    icon_after: str = "",
    size: str = "",
    type: str = "submit",
    disabled: bool = False,
    reason: str = "",
    **attrs: Any,
) -> SafeString:
    """A button, or a link that looks like one when ``href`` is given.

    ``kind``: primary (one a screen), secondary, ghost, danger, link. ``size``: small, wide. ``reason`` makes it
    inactive and says why beside it. Any other parameter is an attribute: ``hx_get=…``, ``name=…``, ``form=…``.
    """
    css = f"bo-btn bo-btn--{kind}" + (f" bo-btn--{size}" if size else "") + (" bo-btn--icon" if not text else "")
    inside = format_html(
        "{}{}{}",
        draw_icon(icon) if icon else "",
        format_html("<span>{}</span>", text) if text else "",
        draw_icon(icon_after) if icon_after else "",
    )
    inactive = disabled or bool(reason)
    if href and not inactive:
        return format_html('<a class="{}" href="{}"{}>{}</a>', css, href, _attributes(attrs), inside)
    drawn = format_html(
        '<button class="{}" type="{}"{}>{}</button>',
        css,
        "button" if inactive else type,
        _attributes({**attrs, "disabled": inactive}),
        inside,
    )
    return format_html('{}<span class="bo-reason">{}</span>', drawn, reason) if reason else drawn


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "dots", text: str = "", css: str = "") -> str:
    """The row menu ⋯: ``{% menu "Actions pour Garage Pellouin" %}{% menu_item … %}{% menu_rule %}…{% endmenu %}``.

    ``text`` turns it into a button with a word (« Exercice 2025 »). Opens without JavaScript; arrows and Esc with it.
    """
    return render_to_string(
        "components/menu.html", {"content": content, "label": label, "icon": icon, "text": text, "css": css}
    )


@register.inclusion_tag("components/menu_item.html", takes_context=True)
def menu_item(
    context: Context,
    text: str,
    url: str,
    icon: str = "",
    method: str = "get",
    danger: bool = False,
    current: bool = False,
) -> dict[str, Any]:
    """An entry of a menu. ``method="post"`` makes a form of it, token included."""
    return {
        "text": text,
        "url": url,
        "icon": icon,
        "post": method == "post",
        "danger": danger,
        "current": current,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def menu_rule() -> SafeString:
    """The rule between what opens and what takes away."""
    return mark_safe('<hr class="bo-menu__rule">')


# Blocks


@register.simple_block_tag
def page_head(content: str, title: str, sub: str = "", lead: str = "") -> str:
    """Title of the page, a line under it; the content is the actions at the right."""
    return render_to_string("components/page_head.html", {"content": content, "title": title, "sub": sub, "lead": lead})


@register.simple_block_tag
def card(content: str, title: str = "", aside: str = "", flush: bool = False, level: int = 2, id: str = "") -> str:
    """A card. ``aside`` stands at the right of the title; ``flush`` when a table or a list fills it to the edges."""
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "aside": aside, "flush": flush, "level": level, "id": id},
    )


MESSAGE_ICONS = {
    "err": "alert-circle",
    "warn": "alert-triangle",
    "run": "spinner",
    "ok": "check",
    "plain": "info-circle",
}


@register.simple_block_tag
def message(content: str, tone: str = "plain", fact: str = "", icon: str = "", alert: bool = False) -> str:
    """``{% message "err" fact="Ce fichier n’est pas un FEC." %}Utilisez l’export « FEC ».{% endmessage %}``.

    ``fact`` is the bold first sentence, the content is the remedy, with one link or button (class
    ``bo-message__action`` puts it at the right). ``alert`` only for what has just gone wrong.
    """
    return render_to_string(
        "components/message.html",
        {"content": content, "tone": tone, "fact": fact, "icon": icon or MESSAGE_ICONS[tone], "alert": alert},
    )


@register.simple_block_tag
def empty(content: str, title: str, text: str = "") -> str:
    """Nothing to show: one sentence of why, and in the content one action."""
    return render_to_string("components/empty.html", {"content": content, "title": title, "text": text})


@register.simple_block_tag
def disclosure(content: str, title: str, sub: str = "", arrow: bool = False, open: bool = False, id: str = "") -> str:
    """What unfolds. ``arrow`` draws the filled down arrow of the SIRET step; works without JavaScript."""
    return render_to_string(
        "components/disclosure.html",
        {"content": content, "title": title, "sub": sub, "arrow": arrow, "open": open, "id": id},
    )


@register.simple_block_tag
def fold(content: str, title: str, id: str, sub: str = "") -> str:
    """A part of a long page that folds: open at first, but on a phone, where ``sub`` says what it holds."""
    return render_to_string("components/fold.html", {"content": content, "title": title, "sub": sub, "id": id})


@register.simple_block_tag
def drawer(content: str, title: str, eyebrow: str = "", foot: str = "", page: bool = False) -> str:
    """What ``hx-target="#drawer-content"`` receives, or with ``page`` the same thing on its own page."""
    return render_to_string(
        "components/drawer.html", {"content": content, "title": title, "eyebrow": eyebrow, "foot": foot, "page": page}
    )


@register.inclusion_tag("components/deletion.html", takes_context=True)
def deletion(
    context: Context,
    title: str,
    goes: str,
    stays: str,
    name: str,
    cancel_url: str,
    prompt: str = "Tapez le nom pour confirmer",
    field: str = "name",
    error: str = "",
    verb: str = "Supprimer",
) -> dict[str, Any]:
    """The deletion form: what goes, what stays, the name to type. The server compares too: ``error`` is its answer."""
    return {
        "title": title,
        "goes": goes,
        "stays": stays,
        "name": name,
        "cancel_url": cancel_url,
        "prompt": prompt,
        "field": field,
        "error": error,
        "verb": verb,
        "csrf_token": context.get("csrf_token", ""),
    }


# Figures


@register.inclusion_tag("components/figure.html")
def figure(
    label: str,
    value: str,
    unit: str = "",
    status: str = "",
    detail: str = "",
    source: str = "",
    url: str = "",
) -> dict[str, Any]:
    """A figure of a strip (inside ``<div class="bo-figures">``): value as text, unit, mark of confidence, source.

    ``value`` is already formatted (``{{ x|euros }}``); « à compléter » is written in grey at text size.
    """
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "status": status,
        "detail": detail,
        "source": source,
        "url": url,
        "unknown": value in (formats.UNKNOWN, "masqué"),
    }


@register.inclusion_tag("components/progress.html")
def progress(
    percent: int | None, title: str = "", doing: str = "", compact: bool = False, label: str = "Avancement"
) -> dict[str, Any]:
    """A bar, its per cent, what is being done and how long it takes. ``percent`` None: it waits, ``doing`` says why."""
    return {"percent": percent, "title": title, "doing": doing, "compact": compact, "label": title or label}


@register.inclusion_tag("components/coverage_strip.html")
def coverage_strip(marks: Sequence[parts.Mark], what: str = "DSN") -> dict[str, Any]:
    """Twelve small marks, for lists."""
    return {"marks": marks, "sentence": charts.strip_sentence([*marks], what)}


@register.inclusion_tag("components/coverage_calendar.html")
def coverage_calendar(
    months: Sequence[parts.CalendarMonth], caption: str, establishments: Sequence[parts.EstablishmentRow] = ()
) -> dict[str, Any]:
    """Months × FEC and DSN, for a dossier; ``establishments``: a row each, under that of the company."""
    states = {month.fec for month in months} | {month.dsn for month in months}
    states |= {state for row in establishments for state, _ in row.cells}
    drawn, marked = charts.draw_calendar([*months]), any(month.findings for month in months)
    rows = {"months": drawn, "establishments": establishments}
    return {**rows, "caption": caption, "states": states, "marked": marked}


# Ways around


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(trail: Sequence[parts.Link]) -> dict[str, Any]:
    """Where the page stands; the last one has no link."""
    return {"trail": trail}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[parts.Tab], label: str = "Parties de la page", kind: str = "line") -> dict[str, Any]:
    """Tabs are links. ``kind="pill"`` for the second row."""
    return {"items": items, "label": label, "kind": kind}


@register.inclusion_tag("components/switch.html")
def switch(items: Sequence[parts.Choice], label: str) -> dict[str, Any]:
    """Two or three views of the same thing: *Mes dossiers*, *Tout le cabinet*."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[parts.Step], label: str = "Étapes") -> dict[str, Any]:
    """The four bars of a wizard."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/chips.html")
def chips(items: Sequence[parts.Chip], clear_url: str = "") -> dict[str, Any]:
    """The filters that are on, each removable."""
    return {"items": items, "clear_url": clear_url}


def _query(context: Context, **changes: str | int) -> str:
    """The page's query with changes; an empty value takes the parameter out."""
    kept = context["request"].GET.copy()
    for key, value in changes.items():
        kept.pop(key, None)
        if value != "":
            kept[key] = str(value)
    return "?" + urlencode([(key, value) for key, values in kept.lists() for value in values])


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], target: str = "", parameter: str = "page") -> dict[str, Any]:
    """« 1 à 11 sur 47 », *Précédent*, *Suivant*; nothing for one page. ``target`` is for htmx."""
    return {
        "page": page,
        "target": target,
        "previous": _query(context, **{parameter: page.previous_page_number()}) if page.has_previous() else "",
        "next": _query(context, **{parameter: page.next_page_number()}) if page.has_next() else "",
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, text: str, key: str, current: str, css: str = "", target: str = "", parameter: str = "tri"
) -> dict[str, Any]:
    """A sortable ``<th>``: ``current`` is the sort in force, ``name`` or ``-name``."""
    ascending, descending = current == key, current == f"-{key}"
    return {
        "text": text,
        "css": css,
        "target": target,
        "ascending": ascending,
        "descending": descending,
        "url": _query(context, **{parameter: f"-{key}" if ascending else key, "page": ""}),
    }


# Forms


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    size: str = "",
    suffix: str = "",
    icon: str = "",
    corrected_from: str | None = None,
    source: str = "Valeur du registre",
    hide_label: bool = False,
    optional: bool | None = None,
    **attrs: Any,
) -> dict[str, Any]:
    """The field component of a bound field; ``{{ form.x.as_field_group }}`` is the same without options.

    ``size``: large, short. ``corrected_from``: the value that was filled in before the user changed it.
    Any other parameter is an attribute of the control: ``hx_get=…``, ``placeholder=…``, ``inputmode=…``.
    """
    kind = controls.kind_of(bound)
    extra = {key.replace("_", "-"): str(value) for key, value in attrs.items() if value not in ("", None)}
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "control": controls.draw_control(bound, size=size, attrs=extra),
        "optional": (not bound.field.required and kind != "check") if optional is None else optional,
        "suffix": suffix,
        "icon": icon,
        "size": size,
        "corrected_from": corrected_from,
        "source": source,
        "hide_label": hide_label,
    }


@register.inclusion_tag("components/picker.html", takes_context=True)
def picker(
    context: Context, bound: BoundField, search: str = "Chercher dans la liste", optional: bool | None = None
) -> dict[str, Any]:
    """A ``CheckboxSelectMultiple`` or ``RadioSelect``, searched on the server when it is long: people, portfolios."""
    request, options = context.get("request"), [*bound.subwidgets]
    return {
        "bound": bound,
        "picked": picking.pick(bound.html_name, options, request),
        "search": search,
        "search_name": f"{picking.SEARCH}-{bound.html_name}",
        "here": request.get_full_path() if request else "",
        "optional": not bound.field.required if optional is None else optional,
        "long": len(options) > picking.LONG,
    }


@register.inclusion_tag("components/drop_zone.html")
def drop_zone(
    bound: BoundField,
    url: str,
    title: str,
    help: str = "",
    list_id: str = "fichiers",
    verb: str = "Parcourir…",
    pieces: bool = True,
) -> dict[str, Any]:
    """A real file field that also takes dropped files, large ones by pieces. Its contract is in ``drop-zone.js``."""
    return {
        "bound": bound,
        "control": controls.draw_control(bound),
        "url": url,
        "title": title,
        "help": help,
        "list_id": list_id,
        "verb": verb,
        "pieces_url": reverse("upload_begin") if pieces else "",
    }
