"""What the first bytes say of a file that is not text: archive, workbook, PDF, picture."""

from bocage.formats.base import Source

_TAIL_BYTES = 65_536

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE_FIRST_MEMBERS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_LOCAL_HEADER = 30


def is_document(start: bytes) -> bool:
    """Whether a zip is a document of an office suite (text, slides, OpenDocument), and no archive of files."""
    length = int.from_bytes(start[26:28], "little")
    first = start[_LOCAL_HEADER : _LOCAL_HEADER + length]
    return start.startswith(_ZIP) and (first.startswith(_OFFICE_FIRST_MEMBERS) or first == b"mimetype")


def container_code(start: bytes, source: Source) -> str | None:
    """A code of ``wording/identify.toml`` for a container, None for anything else. Raises SourceUnreadable."""
    if start.startswith(_ZIP):
        return "xlsx" if _is_workbook(start, source) else "zip"
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(_IMAGES) or _is_other_image(start):
        return "image"
    if start.startswith(_OLE):
        return "old_workbook"
    if start.startswith(_OTHER_ARCHIVES):
        return "other_archive"
    return None


def _is_other_image(start: bytes) -> bool:
    """BMP, WebP, HEIC and AVIF: their mark is too short to be trusted alone, or comes after a size."""
    bitmap = start.startswith(b"BM") and start[6:10] == b"\x00\x00\x00\x00"
    webp = start.startswith(b"RIFF") and start[8:12] == b"WEBP"
    return bitmap or webp or (start[4:8] == b"ftyp" and start[8:11] in {b"hei", b"hev", b"mif", b"avi"})


def _is_workbook(start: bytes, source: Source) -> bool:
    """An Office archive that holds a workbook: its own first member tells it from a zip of workbooks."""
    length = int.from_bytes(start[26:28], "little")
    first = start[_LOCAL_HEADER : _LOCAL_HEADER + length]
    return first.startswith(_OFFICE_FIRST_MEMBERS) and (b"xl/" in start or b"xl/workbook" in _tail(source))


def _tail(source: Source) -> bytes:
    """The last bytes, where a zip lists its members; read through when the stream cannot jump."""
    with source.open() as stream:
        if stream.seekable():
            stream.seek(max(source.size - _TAIL_BYTES, 0))
            return stream.read(_TAIL_BYTES)
        tail = b""
        while chunk := stream.read(_TAIL_BYTES):
            tail = (tail + chunk)[-_TAIL_BYTES:]
        return tail
