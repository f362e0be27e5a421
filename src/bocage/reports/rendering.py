"""Blocks to PDF, by Typst: a pure function. No network, no font of the machine, nothing read but our own parts.

Texts reach Typst as data (JSON), never inside its markup, so that nothing a user writes is a command.
"""

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

import typst

from bocage.reports.blocks import (
    INK,
    Block,
    Bullets,
    Chart,
    Document,
    Figures,
    Heading,
    Note,
    PageBreak,
    Pairs,
    Paragraph,
    Table,
)
from bocage.wording.figures import long_day

FACE = "Source Sans 3"
_NO_GLYPH = "could not be displayed"
_LOGO = "logo.json"
_PARTS = ("main.typ", "layout.typ", "blocks.typ")

type Json = bool | int | str | list[Json] | dict[str, Json] | None


def render(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1), the same bytes each time.

    A character that no face can draw is printed as an empty box, and the file then does not claim PDF/UA. Raises
    RuntimeError when Typst has anything to say: a fault of ours.
    """
    parts = {**_parts(), **_drawings(document), "document.json": _data(document)}
    try:
        return _compile(parts, document, "ua-1")
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise RuntimeError("the report could not be laid out") from error
        return _compile(parts, document, None)


def _compile(parts: dict[str, bytes], document: Document, standard: Literal["ua-1"] | None) -> bytes:
    files_in_memory: Any = parts  # a dictionary is taken, the published types forget it
    compiler = typst.Compiler(files_in_memory, font_paths=_fonts(), ignore_system_fonts=True)
    stamp = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    pdf, warnings = compiler.compile_with_warnings(format="pdf", timestamp=stamp, pdf_standards=standard)
    if warnings:
        raise RuntimeError("Typst warns: " + "; ".join(str(one) for one in warnings))
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


@cache
def _parts() -> dict[str, bytes]:
    folder = files(__package__) / "typst"
    return {name: (folder / name).read_bytes() for name in _PARTS}


@cache
def _fonts() -> typst.Fonts:
    """The one face that reports are set in, read once."""
    with as_file(files("fontpkg_source_sans_3") / "files") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _drawings(document: Document) -> dict[str, bytes]:
    drawn = {f"chart-{rank}.svg": block.svg for rank, block in enumerate(document.blocks) if isinstance(block, Chart)}
    # The compiler takes nothing but UTF-8 for a file in memory: the image passes as a list of its bytes.
    return drawn if document.brand.logo is None else {**drawn, _LOGO: json.dumps(list(document.brand.logo)).encode()}


def _data(document: Document) -> bytes:
    brand = document.brand
    content: Json = {
        "face": FACE,
        "ink": INK,
        "title": document.title,
        "subject": document.subject,
        "day": long_day(document.day),
        "footer": document.footer or " – ".join(part for part in (document.title, document.subject) if part),
        "cover": document.cover,
        "identity": _lists(document.identity),
        "brand": {
            "firm": brand.firm,
            "lines": list(brand.lines),
            "logo": None if brand.logo is None else _LOGO,
            "main": brand.main_colour,
            "accent": brand.accent_colour,
        },
        "blocks": [_block(rank, block) for rank, block in enumerate(document.blocks)],
    }
    # A lone surrogate, from a file name, is no character at all: it becomes « ? ».
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _lists(pairs: tuple[tuple[str, ...], ...]) -> list[Json]:
    return [list(pair) for pair in pairs]


def _block(rank: int, block: Block) -> dict[str, Json]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, quiet):
            return {"kind": "paragraph", "text": text, "quiet": quiet}
        case Bullets(items):
            return {"kind": "bullets", "items": list(items)}
        case Pairs(pairs):
            return {"kind": "pairs", "pairs": _lists(pairs)}
        case Figures(figures):
            shown: list[Json] = [
                {"label": one.label, "value": one.value, "unit": one.unit, "note": one.note, "tone": one.tone}
                for one in figures
            ]
            return {"kind": "figures", "figures": shown}
        case Note(title, text, tone):
            return {"kind": "note", "title": title, "text": text, "tone": tone}
        case Table():
            return {"kind": "table", **_table(block)}
        case Chart(_, alt, caption):
            return {"kind": "chart", "file": f"chart-{rank}.svg", "alt": alt, "caption": caption}
        case PageBreak():
            return {"kind": "break"}


def _table(table: Table) -> dict[str, Json]:
    columns: list[Json] = [
        {"title": one.title, "align": one.align, "share": one.share, "raw": one.raw} for one in table.columns
    ]
    total: Json = None if table.total is None else list(table.total)
    return {"columns": columns, "rows": _lists(table.rows), "total": total, "caption": table.caption}
