import hashlib
from pathlib import Path


def content_name(path: Path) -> str:
    """The name that the content of a fact table gives it."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return f"{path.stem.rpartition('-')[0]}-{digest[:16]}{path.suffix}"
