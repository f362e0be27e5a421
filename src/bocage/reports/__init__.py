"""Printed reports: what to say as plain blocks, and a page setter that turns them into a PDF."""

from bocage.reports.blocks import (
    Block,
    Brand,
    Bullets,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Note,
    PageBreak,
    Pairs,
    Paragraph,
    Table,
    Tone,
)
from bocage.reports.rendering import render

__all__ = [
    "Block",
    "Brand",
    "Bullets",
    "Chart",
    "Column",
    "Document",
    "Figure",
    "Figures",
    "Heading",
    "Note",
    "PageBreak",
    "Pairs",
    "Paragraph",
    "Table",
    "Tone",
    "render",
]
