"""Obtaining a release of Base Carbone: from the public interface of ADEME, or from its official file."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction

from bocage.referentials.carbon import LICENCE, Extract, pack, read_lines, read_official_csv, shipped, version_named
from bocage.referentials.carbon.base_carbone import WANTED
from bocage.referentials.carbon.factors import SOURCE
from cabinet.reference_updates import shelf
from cabinet.reference_updates.models import FactorRelease

PAGE_LINES = 5000
MOST_PAGES = 60
MOST_BYTES = 200 * 1024 * 1024
SECONDS = 30.0


class NotObtained(Exception):
    """The release could not be had; the text says why, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came, before it is kept."""

    extract: Extract
    title: str
    published_on: date | None
    origin: str
    sha256: str


def from_file(path: Path) -> Received:
    """The official CSV file. Raises NotARelease, NotObtained."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotObtained(f"{path.name} is larger than {MOST_BYTES // 1024**2} MiB")
        content = path.read_bytes()
    except OSError as error:
        raise NotObtained(f"{path}: {error.strerror}") from None
    return Received(read_official_csv(content), path.name, None, path.name, hashlib.sha256(content).hexdigest())


def from_interface(url: str = "") -> Received:
    """The public interface (a data-fair service), page after page. Raises NotARelease, NotObtained."""
    address = (url or settings.FACTORS_URL).rstrip("/")
    with httpx.Client(timeout=SECONDS, headers={"User-Agent": f"Bocage ({settings.REGISTRY_CONTACT})"}) as client:
        about = _get(client, address)
        received = hashlib.sha256()
        extract = read_lines(_lines(client, address, received))
    updated = str(about.get("dataUpdatedAt") or "")[:10]
    try:
        published = date.fromisoformat(updated)
    except ValueError:
        published = None
    return Received(extract, str(about.get("title") or ""), published, address, received.hexdigest())


def _lines(client: httpx.Client, address: str, received: "hashlib._Hash") -> Iterator[dict[str, object]]:
    """Every line, in the order of the service; the pages must stay on the same host."""
    host = urlsplit(address).netloc
    query = httpx.QueryParams({"size": PAGE_LINES, "select": ",".join(WANTED)})
    following: str | None = f"{address}/lines?{query}"
    for _ in range(MOST_PAGES):
        page = _get(client, following, received)
        results = page.get("results")
        if not isinstance(results, list):
            raise NotObtained("the service answered without results")
        for line in results:
            if isinstance(line, dict):
                # What a service adds of its own (rank, identifier) begins with an underscore.
                yield {str(key): value for key, value in line.items() if not str(key).startswith("_")}
        following = page.get("next")
        if not following or not results:
            return
        if urlsplit(following).netloc != host:
            raise NotObtained(f"the next page is on another host than {host}")
    raise NotObtained(f"more than {MOST_PAGES} pages")


def _get(client: httpx.Client, address: str | None, received: "hashlib._Hash | None" = None) -> dict[str, Any]:
    try:
        with client.stream("GET", address or "") as response:
            if response.status_code != 200:
                raise NotObtained(f"the service answered {response.status_code}")
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise NotObtained("the answer is too large")
        document = json.loads(bytes(content))
    except httpx.HTTPError as error:
        raise NotObtained(f"the service cannot be reached: {type(error).__name__}") from None
    except ValueError:
        raise NotObtained("the service answered something else than JSON") from None
    if not isinstance(document, dict):
        raise NotObtained("the service answered something else than an object")
    if received is not None:
        received.update(content)
    return document


def keep(received: Received, *, version: str = "") -> FactorRelease:
    """Keep what came, under ``version`` or the one that its title names.

    Raises NotObtained without a version, or for one that is not newer than what is shipped; AlreadyKept.
    """
    named = version or version_named(received.title)
    if not named:
        raise NotObtained(f"« {received.title} » names no version: give it with --release V23.9")
    named = f"V{named.upper().removeprefix('V')}"
    try:
        newer = shelf.is_newer(named, shipped().version)
    except ValueError:
        raise NotObtained(f"{named} is no version: V23.9 is one") from None
    if not newer:
        raise NotObtained(f"{named} is not newer than {shipped().version}, which is shipped")
    digest = shelf.put(named, pack(received.extract.rows))
    try:
        with transaction.atomic():
            return FactorRelease.objects.create(
                version=named,
                title=received.title[:200],
                published_on=received.published_on,
                origin=received.origin[:300],
                source=SOURCE,
                licence=LICENCE,
                sha256=digest,
                received_sha256=received.sha256,
                lines=received.extract.lines,
                factors=len(received.extract.rows),
            )
    except BaseException:
        shelf.remove(named)
        raise
