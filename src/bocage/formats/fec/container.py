"""What was given, as FECs to read: files alone, parts put together, members of an archive."""

import errno
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from bocage.errors import SourceUnreadable, WorkspaceFull
from bocage.formats.base import HEAD_BYTES, FileSource, Source, head
from bocage.formats.containers import container_code, is_document
from bocage.formats.fec.header import FEWEST_NAMES, FIRST_LINES, known_names
from bocage.formats.fec.names import missing_parts, parse_name, part_of, parts_in_words
from bocage.formats.fec.sheet_xml import first_sheet
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.sniffing import may_be_part, sniff

MEGABYTE = 1 << 20
MAX_UNPACKED = 2048 * MEGABYTE
"""All members of an archive together."""
MAX_MEMBER = 512 * MEGABYTE
MAX_MEMBERS = 500
_MAYBE = 0.3
_COPY = 1 << 20
_MAC, _MAC_TWIN = "__MACOSX", "._"
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, KeyError)
"""What a damaged zip makes Python raise."""

_KINDS = frozenset({"xlsx", "pdf", "image", "zip", "gzip"})


def is_wild_offset(error: OSError) -> bool:
    """Whether the disk was asked for a place that cannot be: the zip lies about where its members are."""
    return error.errno == errno.EINVAL


@dataclass(frozen=True, slots=True)
class Item:
    """One FEC to read. ``problem`` is the code that already rules the reading out."""

    name: str
    shown: str
    files: tuple[FileSource, ...]
    kind: str = "fec"
    parts: tuple[str, ...] = ()
    ranks: tuple[int, ...] = ()
    """That of each part, as its name says."""
    problem: str | None = None
    archived: bool = False
    missing: tuple[int, ...] = ()
    """Ranks of the parts that lack."""

    def add_to(self, sink: Sink) -> None:
        """Note what the container itself calls for."""
        if self.problem is not None:
            sink.add(self.problem)
        if self.archived and self.problem is None:
            sink.add("FILE-08")
        if self.missing:
            sink.add("FILE-11", params={"manque": parts_in_words(self.missing)})


@dataclass(frozen=True, slots=True)
class _File:
    file: FileSource
    prefix: str


def unpack(sources: Sequence[Source], work_dir: Path) -> Iterator[Item]:
    """The FECs of the sources, parts together. Raises SourceUnreadable and WorkspaceFull."""
    loose: list[_File] = []
    items: list[Item] = []
    for rank, source in enumerate(sources):
        local = localise(source, work_dir, rank)
        if container_code(head(local), local) == "zip":
            items += _archive(local, work_dir, rank)
        else:
            loose.append(_File(local, ""))
    yield from _together(loose)
    yield from items


def localise(source: Source, work_dir: Path, rank: int) -> FileSource:
    """The source as a local file: itself, or a copy in the work directory."""
    if isinstance(source, FileSource):
        return FileSource(source.path.absolute(), source.name)
    path = work_dir / f"source{rank}"
    try:
        with source.open() as stream, path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, _COPY)
    except OSError as error:
        raise _disk(error, source.name) from error
    return FileSource(path, source.name)


def _disk(error: OSError, name: str) -> SourceUnreadable | WorkspaceFull:
    full = error.errno in {28, 122}
    return WorkspaceFull(name) if full else SourceUnreadable(f"{name}: {error.strerror}")


def _together(files: Sequence[_File], *, archived: bool = False) -> Iterator[Item]:
    """Parts of one file become one item; the others stay alone."""
    parts: dict[tuple[str, str, int], dict[int, _File]] = {}
    alone: list[_File] = []
    for each in files:
        path = PurePosixPath(each.file.name)
        part = part_of(path.name)
        if part is None or not may_be_part(head(each.file), path.name):
            alone.append(each)
            continue
        stem, rank = part
        # The same rank once more is a part of another copy, not more lines of this one.
        copy = next(n for n in count() if rank not in parts.get((str(path.parent), stem, n), {}))
        parts.setdefault((str(path.parent), stem, copy), {})[rank] = each
    for each in alone:
        yield _single(each, archived=archived, missing=())
    for (_, stem, _), ranked in parts.items():
        members = [each for _, each in sorted(ranked.items())]
        missing = missing_parts(ranked)
        if len(members) == 1:
            yield _single(members[0], archived=archived, missing=missing)
            continue
        names = tuple(PurePosixPath(each.file.name).name for each in members)
        prefix = members[0].prefix
        yield Item(
            name=stem,
            shown=f"{prefix}{stem}",
            files=tuple(each.file for each in members),
            parts=names,
            ranks=tuple(sorted(ranked)),
            archived=archived,
            missing=missing,
        )


def _single(each: _File, *, archived: bool, missing: tuple[int, ...]) -> Item:
    name = PurePosixPath(each.file.name).name
    return Item(name, f"{each.prefix}{each.file.name}", (each.file,), archived=archived, missing=missing)


def _archive(archive: FileSource, work_dir: Path, rank: int) -> list[Item]:
    def refused(code: str) -> list[Item]:
        return [Item(archive.name, archive.name, (), kind="zip", problem=code)]

    folder = work_dir / f"members{rank}"
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive.path) as opened:
            if _beyond_limits(opened):
                return refused("FILE-14")
            files = _extract(opened, folder, archive.name)
    except UNREADABLE:
        return refused("FILE-01")
    except RuntimeError:
        return refused("FILE-14")
    except OSError as error:
        if is_wild_offset(error):
            return refused("FILE-01")
        raise _disk(error, archive.name) from error
    if files is None:
        return refused("FILE-14")
    return list(_together(files, archived=True)) or refused("FILE-15")


def _beyond_limits(opened: zipfile.ZipFile) -> bool:
    members = opened.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        return True
    return any(member.flag_bits & 1 or member.file_size > MAX_MEMBER or _unsafe(member.filename) for member in members)


def _unsafe(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _extract(opened: zipfile.ZipFile, folder: Path, archive: str) -> list[_File] | None:
    """The members that may be FECs, written out; None when one is an archive or the whole is too large."""
    files: list[_File] = []
    left = MAX_UNPACKED
    for rank, member in enumerate(opened.infolist()):
        base = PurePosixPath(member.filename).name
        if member.is_dir() or member.filename.startswith(_MAC) or base.startswith(_MAC_TWIN):
            continue
        with opened.open(member) as stream:
            start = stream.read(HEAD_BYTES)
            path = folder / f"member{rank}"
            path.write_bytes(start)
            kind = container_code(start, FileSource(path, base))
            if kind in {"zip", "gzip", "other_archive"} and not is_document(start):
                return None
            if not _may_be_fec(start, base, kind):
                path.unlink()
                continue
            written = _copy(stream, path, min(left, MAX_MEMBER) - len(start))
            if written is None:
                return None
            left -= written + len(start)
        if kind == "xlsx" and not (parse_name(base).has_fec or _has_fec_names(path)):
            path.unlink()
            continue
        files.append(_File(FileSource(path, member.filename), f"{archive}!"))
    return files


def _may_be_fec(start: bytes, name: str, kind: str | None) -> bool:
    if kind == "xlsx":
        return True
    return kind is None and sniff(start, name) >= _MAYBE


def _has_fec_names(path: Path) -> bool:
    """Whether the first rows of a workbook hold the names of a FEC."""
    try:
        with zipfile.ZipFile(path) as book:
            rows = islice(first_sheet(book).rows(), FIRST_LINES)
            return any(known_names(cell.value for cell in row.cells.values()) >= FEWEST_NAMES for row in rows)
    except (*UNREADABLE, expat.ExpatError, OSError):
        return False


def _copy(stream: object, path: Path, limit: int) -> int | None:
    """Bytes written; None beyond the limit, whatever the archive announced."""
    written = 0
    with path.open("ab") as out:
        while block := stream.read(_COPY):  # type: ignore[attr-defined]
            written += len(block)
            if written > limit:
                return None
            out.write(block)
    return written


def kind_of(start: bytes, source: Source) -> str:
    """The contract's word for a file that is no FEC."""
    code = container_code(start, source)
    if code in _KINDS:
        return code or "unknown"
    return "empty" if not start else "unknown"
