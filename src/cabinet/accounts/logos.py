"""The firm's logo: a small image that we draw again, so that nothing of the file that was sent survives."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 16_000_000
MIN_SIDE, LONGEST_SIDE = 32, 600


class LogoProblem(StrEnum):
    """Why a file cannot be the logo."""

    TOO_HEAVY = "too_heavy"
    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"


class LogoRefused(Exception):
    """The file cannot be the logo; ``problem`` says why."""

    def __init__(self, problem: LogoProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG of our own making: 600 pixels at most on its longest side, no metadata."""

    content: bytes
    sha256: str
    width: int
    height: int


def redraw(sent: BinaryIO, size: int) -> Logo:
    """The pixels of the file that was sent, in a new PNG. Raises LogoRefused.

    Only PNG, JPEG and WebP are opened: no vector format, which could carry a script. The dimensions are read before
    anything is unpacked, so that a small file cannot unfold into a huge image.
    """
    if size > MAX_BYTES:
        raise LogoRefused(LogoProblem.TOO_HEAVY)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(sent.read(MAX_BYTES + 1)), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise LogoRefused(LogoProblem.TOO_LARGE)
            image.load()
            image = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoRefused(LogoProblem.TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise LogoRefused(LogoProblem.NOT_AN_IMAGE) from None
    if min(image.size) < MIN_SIDE:
        raise LogoRefused(LogoProblem.TOO_SMALL)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", image.size)
    clean.paste(image)
    target = io.BytesIO()
    clean.save(target, format="PNG", optimize=True)
    content = target.getvalue()
    return Logo(content, hashlib.sha256(content).hexdigest(), image.width, image.height)
