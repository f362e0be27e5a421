"""What a backup holds: versions and hashes, in files that other tools can read and check."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MANIFEST, FILES, STORAGE = "manifest.json", "files.sha256", "storage"
FORMAT = 1
CHUNK = 1024 * 1024


class BadBackup(Exception):
    """The folder is no whole backup; the text says where."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last: a folder without it is a backup that was interrupted."""

    made_at: str
    bocage: str
    vendor: str
    server: str
    dump: str
    dump_kind: str
    dump_sha256: str
    files: int
    files_sha256: str
    missing: list[str]
    keys: list[str]
    migrations: dict[str, list[str]]
    dumped_tables: list[str] = field(default_factory=list)
    format: int = FORMAT


def sha256_of(path: Path) -> str:
    """The hash of a file, read by pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    near = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(near, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    near.replace(path)


def write_files(folder: Path, hashes: Mapping[str, str]) -> str:
    """The list of the files, as ``sha256sum --check`` reads it; its own hash."""
    lines = (f"{digest}  {STORAGE}/{name}\n" for name, digest in sorted(hashes.items()))
    write_whole(folder / FILES, "".join(lines))
    return sha256_of(folder / FILES)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last thing that a backup writes."""
    write_whole(folder / MANIFEST, json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """What the backup says of itself. Raises BadBackup."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**said)
    except FileNotFoundError:
        raise BadBackup(f"{folder} has no {MANIFEST}: it is no backup, or one that was interrupted.") from None
    except (OSError, ValueError, TypeError) as error:
        raise BadBackup(f"{folder / MANIFEST} cannot be read ({type(error).__name__}).") from error
    if manifest.format != FORMAT:
        raise BadBackup(f"This backup is of format {manifest.format}; this version of Bocage reads format {FORMAT}.")
    return manifest


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and hash of each file of the storage."""
    with (folder / FILES).open(encoding="utf-8") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition(f"  {STORAGE}/")
            yield name, digest


def check(folder: Path, manifest: Manifest, tell: Callable[[str], None]) -> None:
    """Compare every file with its hash before anything is touched. Raises BadBackup."""
    bad = []
    for name, digest in ((manifest.dump, manifest.dump_sha256), (FILES, manifest.files_sha256)):
        if not (folder / name).is_file() or sha256_of(folder / name) != digest:
            raise BadBackup(f"{folder / name} is missing or is not the one that was written.")
    for name, digest in listed(folder):
        path = folder / STORAGE / name
        if not path.is_file() or sha256_of(path) != digest:
            tell(f"damaged  {name}")
            bad.append(name)
    if bad:
        raise BadBackup(f"{len(bad)} files of the backup are missing or altered. Nothing was restored.")
