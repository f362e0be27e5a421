"""A FEC written again without its faults of writing, for a person to download; the import itself never changes."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings

from bocage.errors import SourceUnreadable
from bocage.formats.fec import Change, NotCorrectable, correct, is_mendable
from bocage.wording import sentence
from bocage.wording.judgements import ENCODINGS, SEPARATORS
from cabinet.imports import storage
from cabinet.imports.enums import ImportKind
from cabinet.imports.models import Import


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a corrected file would change, in French; or the reason why there is none."""

    name: str
    changes: tuple[str, ...]
    reason: str = ""


def has_corrections(imported: Import) -> bool:
    """Whether the report speaks of something that can be corrected: a FEC in text, which can be used."""
    report = imported.report
    text = imported.kind == ImportKind.FEC and imported.identified_as == "fec"
    usable = bool((report.get("verdicts") or {}).get("exploitable")) and not report.get("parts")
    separated = bool((report.get("layout") or {}).get("separator"))
    return text and usable and separated and is_mendable(one["code"] for one in report.get("findings") or [])


def proposal_of(imported: Import) -> Proposal:
    """What would change in the file, once read again."""
    try:
        return _written(imported, None)
    except NotCorrectable as refused:
        line = str(refused.line or "")
        return Proposal(imported.file_name, (), sentence("fec_corrections", refused.code, line=line).message)
    except SourceUnreadable:
        return Proposal(imported.file_name, (), sentence("fec_corrections", "original_gone").message)


def corrected_file(imported: Import) -> tuple[str, BinaryIO] | None:
    """The name and the content of the corrected file, None when there is none. The content has no name on the disk."""
    root = Path(settings.WORK_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = cast("BinaryIO", tempfile.TemporaryFile(dir=root))  # noqa: SIM115 - closed by the response that sends it
    try:
        proposal = _written(imported, content)
    except (NotCorrectable, SourceUnreadable):
        content.close()
        return None
    content.seek(0)
    return proposal.name, content


def _written(imported: Import, out: BinaryIO | None) -> Proposal:
    if not has_corrections(imported):
        raise NotCorrectable("nothing")
    if not imported.has_original:
        raise SourceUnreadable("the original is no longer kept")
    done = correct(storage.source_of(imported), out, siren=imported.expected_siren or None, closing=imported.period_end)
    if not done.changes:
        raise NotCorrectable("nothing")
    return Proposal(done.name, tuple(_said(change) for change in done.changes))


_WORDS: Mapping[str, Mapping[str, str]] = {"encoding": ENCODINGS, "separator": SEPARATORS}


def _said(change: Change) -> str:
    words = _WORDS.get(change.code, {})
    params = {name: words.get(value, value) for name, value in change.params.items()}
    return sentence("fec_corrections", change.code, **params).message
