"""Inline SVG icons: drawn with the text around them, no request, nothing for the CSP to refuse."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_OWN = {
    "confirmed": '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="m4.9 8.2 2.2 2.2 4.1-4.5" stroke="#fff"/>',
    "computed": '<circle cx="8" cy="8" r="6.5" fill="currentColor" stroke="none"/>',
    "estimated": '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 0 0 12Z" fill="currentColor" stroke="none"/>',
    "partial": '<circle cx="8" cy="8" r="6"/><path d="M8 2v6h6a6 6 0 1 1-6-6Z" fill="currentColor" stroke="none"/>',
    "missing": '<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.2 2.67"/>',
    "hidden": '<rect x="2" y="2" width="12" height="12" rx="2"/><path d="m2.5 9.5 7-7m-7 11.5 11-11m-7 11.5 7-7"/>',
}
"""Marks of confidence, on a 16 × 16 grid."""


@cache
def _outlines() -> dict[str, str]:
    text = (Path(__file__).parent / "icons.toml").read_text(encoding="utf-8")
    return {name: str(inside) for name, inside in tomllib.loads(text).items()}


def icon_names() -> list[str]:
    """Every name that :func:`draw_icon` knows, for the gallery."""
    return sorted([*_outlines(), *_OWN])


def draw_icon(name: str, *, size: int = 18, css: str = "", label: str = "") -> SafeString:
    """One ``<svg>``. Hidden from screen readers unless ``label`` names it. Raises KeyError for an unknown name."""
    own = name in _OWN
    inside = mark_safe(_OWN[name] if own else _outlines()[name])  # noqa: S308  # our own files
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="bo-icon{}{}" viewBox="0 0 {} {}" width="{}" height="{}" fill="none" stroke="currentColor" '
        'stroke-width="{}" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        " " if css else "",
        css,
        *((16, 16) if own else (24, 24)),
        size,
        size,
        "1.3" if own else "1.75",
        naming,
        inside,
    )
