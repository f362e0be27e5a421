"""Checks the hash chain of each firm's journal."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError

from cabinet.audit.verification import Anchor, Trouble, Verdict, firms_in_journal, heads, verify

WORDS = {
    Trouble.MISSING: "a line is missing, or its place was changed",
    Trouble.ALTERED: "the line was altered, replaced, moved or inserted",
    Trouble.CONTENT: "what the line tells was altered",
    Trouble.ERASED: "the line was erased, and no deletion of its client says so",
    Trouble.HEAD: "the chain does not end where its head says",
    Trouble.TAIL: "lines are missing at the end",
    Trouble.ANCHOR: "the line is not the one that was noted in the file of heads",
}


class Command(BaseCommand):
    """Read the chains, say where the first broken link is, and fail then."""

    help = "Checks the hash chain of each firm's journal, and names the first broken link. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--firm", type=UUID, help="one firm only, by its id")
        parser.add_argument(
            "--heads", type=Path, help="a file of heads noted earlier, which the chains must still hold"
        )
        parser.add_argument(
            "--export-heads", action="store_true", help="print the heads, one JSON line a firm, and stop"
        )

    def handle(self, *, firm: UUID | None, heads: Path | None, export_heads: bool, **_: Any) -> None:
        if export_heads:
            self._print_heads(firm)
            return
        anchors = _read(heads) if heads else []
        firms = [firm] if firm else sorted({*firms_in_journal(), *(anchor.firm_id for anchor in anchors)})
        verdicts = [verify(one, anchors) for one in firms]
        for verdict in verdicts:
            self.stdout.write(_said(verdict))
        if any(verdict.broken for verdict in verdicts):
            raise CommandError("The journal was changed otherwise than by the product.")

    def _print_heads(self, firm: UUID | None) -> None:
        for head in heads():
            if firm in {None, head.firm_id}:
                line = {"firm": str(head.firm_id), "position": head.position, "digest": head.digest}
                self.stdout.write(json.dumps(line))


def _read(path: Path) -> list[Anchor]:
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Anchor(UUID(line["firm"]), int(line["position"]), str(line["digest"])) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no file of heads.") from error


def _said(verdict: Verdict) -> str:
    waiting = f", {verdict.waiting} waiting to be sealed" if verdict.waiting else ""
    broken = verdict.broken
    if broken is None:
        return f"{verdict.firm_id}: {verdict.links} links, whole{waiting}."
    line = f" (line {broken.entry_id} of {broken.at:%Y-%m-%d %H:%M} UTC)" if broken.at else ""
    return f"{verdict.firm_id}: broken at link {broken.position}{line}: {WORDS[broken.trouble]}{waiting}."
