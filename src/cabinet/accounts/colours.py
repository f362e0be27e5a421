"""Colours that documents wear: a code, and whether it can be read on white paper (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, from 0 to 1."""

    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, paper: str = "#ffffff") -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(colour), luminance(paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
