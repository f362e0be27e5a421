"""A long walk over damaged FECs: flat files, XML, workbooks and archives (``make fuzz``).

``python -m tests.bocage.fec.fuzzing --minutes 10 [--seed 1] [--kind flat]`` damages the samples, one seed a file, and
asks of each: no exception, no more than ten seconds of the processor and 600 MiB, usable or refused for a reason, the
same verdict by the short way of the official tester and by its whole run, never usable when it was cut, the same totals
once corrected. Each seed gives the same file for ever: ``--only KIND SEED`` reads one again. A seed that fails belongs
in the tests.
"""

import argparse
import faulthandler
import io
import random
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from bocage.formats.base import BytesSource
from bocage.formats.fec import FecReport, NotCorrectable, check, correct, official, report_as_json
from tests.bocage.fec.mutations import damage_archive, damage_cells, damage_xml, mutate

DATA = Path(__file__).resolve().parents[2] / "data" / "fec"
NAME = "100000009FEC20241231"
SECONDS, MEBIBYTES, BATCH = 10, 600, 200


def _files(*endings: str) -> list[bytes]:
    paths = sorted(path for path in DATA.glob("*/*") if path.suffix.lower() in endings)
    return [path.read_bytes() for path in paths]


def _workbook(rows: list[list[object]]) -> bytes:
    made, stream = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(stream)
    fixed, day = io.BytesIO(), b"2024-01-01T00:00:00Z"
    with zipfile.ZipFile(stream) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as again:
        for name in parts.namelist():
            held = re.sub(rb"20\d\d-\d\d-\d\dT[\d:]+Z", day, parts.read(name))
            again.writestr(zipfile.ZipInfo(name), held)
    return fixed.getvalue()


def _zipped(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{NAME}.txt"), content)
    return stream.getvalue()


class Room:
    """The samples by kind, and how each kind is damaged."""

    def __init__(self) -> None:
        flat = [content for content in _files(".txt", ".csv") if b"\t" in content or b"|" in content or b";" in content]
        whole = DATA.joinpath("conforming_tab_utf8", f"{NAME}.txt").read_bytes()
        rows: list[list[object]] = [list(line.split("\t")) for line in whole.decode().splitlines()]
        typed = [
            [float(str(cell).replace(",", ".")) if at in (11, 12) else cell for at, cell in enumerate(row)]
            for row in rows[1:]
        ]
        self.seeds: Mapping[str, list[bytes]] = {
            "flat": flat,
            "xml": _files(".xml"),
            "xlsx": [_workbook(rows), _workbook([rows[0], *typed]), _workbook([["Export"], [], *rows])],
            "zip": [*_files(".zip"), _zipped(whole)],
        }
        self.damages: Mapping[str, tuple[Callable[[bytes, int], bytes], ...]] = {
            "flat": (mutate, damage_cells, damage_cells),
            "xml": (mutate, damage_xml, damage_xml),
            "xlsx": (mutate, damage_archive, damage_archive),
            "zip": (mutate, damage_archive),
        }

    def make(self, kind: str, seed: int) -> tuple[str, bytes]:
        """The file of a seed, and its name."""
        rng = random.Random(seed)
        content = rng.choice(self.seeds[kind])
        damage = rng.choice(self.damages[kind])
        ending = rng.choice([".txt", "", ".csv"]) if kind == "flat" else f".{kind}"
        return f"{NAME}{ending}", damage(content, seed)


def examine(name: str, content: bytes) -> None:
    """Read one file and hold it to what is promised. Raises AssertionError."""
    reports = _reports(name, content)
    assert reports
    for report in reports:
        refused = any(each.severity == "blocking" for each in report.findings)
        assert report.verdicts.exploitable != refused
        assert report_as_json(report)
        assert report.verdicts.exploitable or not report.verdicts.conforme
        wide = report.layout is not None and report.layout.encoding == "utf-16"  # ENC-01 tells, for contrôle
        if (
            not wide
            and not report.verdicts.conforme
            and report.official
            and (set(report.official.checks) & _RECORDS or report.official.stop)
        ):
            assert any(each.verdict in {"conforme", "exploitable"} for each in report.findings), "refused for no reason"
    kept, official.WHOLE_BELOW = official.WHOLE_BELOW, 0
    try:
        short = [report.verdicts.conforme for report in _reports(name, content)]
    finally:
        official.WHOLE_BELOW = kept
    assert short == [report.verdicts.conforme for report in reports], "the short way of the tester differs"
    _corrected(name, content, reports[0])


_RECORDS = frozenset({"T10", "T11", "T15", "T16", "T17", "T18", "T20", "T21", "T22", "T23", "T25", "T26"})


def _reports(name: str, content: bytes) -> list[FecReport]:
    with TemporaryDirectory() as work:
        return check([BytesSource(name, content)], work_dir=Path(work))


def _corrected(name: str, content: bytes, before: FecReport) -> None:
    if before.layout is None or before.layout.separator in {"xml", "xlsx"} or "!" in before.file:
        return
    out = io.BytesIO()
    try:
        done = correct(BytesSource(name, content), out)
    except NotCorrectable:
        return
    (after,) = _reports(done.name, out.getvalue())
    assert (after.lines, after.totals) == (before.lines, before.totals), "the corrected file says something else"


def cut(kind: str, room: Room, seed: int) -> None:
    """A sound file cut inside a record, or anywhere when it is no text, is never usable."""
    rng = random.Random(seed)
    if kind == "flat":
        lines = DATA.joinpath("conforming_tab_utf8", f"{NAME}.txt").read_bytes().splitlines(keepends=True)
        last = rng.randrange(1, len(lines))
        fields = lines[last].split(b"\t")
        size = rng.randrange(1, len(b"\t".join(fields[:15])))
        content = b"".join(lines[:last]) + lines[last][:size]
    else:
        whole = rng.choice(room.seeds[kind])
        content = whole[: rng.randrange(1, len(whole.rstrip()))]
    for report in _reports(f"{NAME}.{'txt' if kind == 'flat' else kind}", content):
        assert not report.verdicts.exploitable, "a file cut short is usable"


def one(room: Room, kind: str, seed: int) -> str | None:
    """What is wrong with the file of a seed, or None."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    faulthandler.dump_traceback_later(30 * SECONDS, exit=True)
    try:
        if seed % 8 == 0:
            cut(kind, room, seed)
        else:
            examine(*room.make(kind, seed))
    except Exception:  # whatever it is, it is what is looked for
        return traceback.format_exc()
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{used} MiB in memory" if used > MEBIBYTES else None


def batch(kind: str, first: int) -> int:
    """Two hundred seeds in this process: each is told before it is read, so that a death has its seed."""
    room, failed = Room(), 0
    faulthandler.register(signal.SIGPROF, chain=True)
    for seed in range(first, first + BATCH):
        print(f"seed {kind} {seed}", flush=True)
        wrong = one(room, kind, seed)
        if wrong:
            failed += 1
            print(f"failed {kind} {seed}\n{wrong}", flush=True)
    return 1 if failed else 0


def walk(kinds: list[str], minutes: float, first: int) -> int:
    """Batches of each kind in turn until time is out; how many seeds failed."""
    end, seed = time.monotonic() + 60 * minutes, first
    done: Counter[str] = Counter()
    failures: list[str] = []
    print(
        f"Damaging {', '.join(kinds)} for {minutes:g} min: {SECONDS} s and {MEBIBYTES} MiB a file at most", flush=True
    )
    while time.monotonic() < end:
        for kind in kinds:
            command = [sys.executable, "-m", __name__ if __name__ != "__main__" else "tests.bocage.fec.fuzzing"]
            child = subprocess.run([*command, "--batch", kind, str(seed)], capture_output=True, text=True, check=False)
            told = [line for line in child.stdout.splitlines() if line.startswith("seed ")]
            done[kind] += len(told)
            if child.returncode:
                words = child.stdout[child.stdout.find("failed ") :] if "failed " in child.stdout else ""
                failures.append(words or f"{told[-1] if told else kind} ended the process\n{child.stderr[-4000:]}")
                print(failures[-1], flush=True)
        seed += BATCH
    print(
        ", ".join(f"{kind}: {count} files" for kind, count in done.items()), f"{len(failures)} batches failed", sep=", "
    )
    return len(failures)


def main() -> int:
    parser = argparse.ArgumentParser(description="Damage FECs and read them.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=["flat", "xml", "xlsx", "zip"], action="append")
    parser.add_argument("--batch", nargs=2, metavar=("KIND", "SEED"))
    parser.add_argument("--only", nargs=2, metavar=("KIND", "SEED"))
    options = parser.parse_args()
    if options.batch:
        return batch(options.batch[0], int(options.batch[1]))
    if options.only:
        wrong = one(Room(), options.only[0], int(options.only[1]))
        print(wrong or "nothing wrong")
        return 1 if wrong else 0
    return 1 if walk(options.kind or ["flat", "xml", "xlsx", "zip"], options.minutes, options.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
