"""A FEC to its facts, every check on, against DuckDB's bare ``read_csv`` → Parquet of the same file in the same run.

    python -m bench fec             100,000 to 10,000,000 lines (4 GB of disk)
    python -m bench.fec 3000000     another size
    python -m bench.fec slow        5,000 lines in a warm process; 1,000,000 lines, 1 % of them broken

Whole processes, the median of three (one beyond 3,000,000 lines): seconds and their ratio to the bare reading,
processor seconds and theirs, the peak memory of both. Then one JSON document with the same and the number of checks
that were run. Required: 2.5 times and 600 MiB at 1,000,000 lines and more. At 100,000 lines the two readers of FEC
that PyPI offers do their own work once, in an environment made for them; without a package index they are left out.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._processes import Measure, median, peer_python
from bocage.formats.base import FileSource
from bocage.ingest.fec import write_facts

SIZES = (100_000, 1_000_000, 3_000_000, 10_000_000)
LIMIT_WARM, LIMIT_BROKEN = 0.3, 3.0
LIMIT_RATIO, LIMIT_MIB, LIMIT_AT = 2.5, 600.0, 1_000_000
THREE_TURNS_TO, PEERS_AT = 3_000_000, 100_000

BARE = """
import duckdb
duckdb.sql('''copy (select * from read_csv({path!r}, delim='|', header=true, all_varchar=true, encoding='latin-1',
    quote='', escape='')) to {out!r} (format parquet)''')
"""
FACTS = """
import sys
from bocage.cli.main import main
sys.stdout = open({out!r} + '.json', 'w', encoding='utf-8')
sys.exit(main(['fec', 'facts', {path!r}, '--out', {out!r}, '--json']))
"""
PEER_PACKAGES = ("django-accounting-fr==0.3.0", "fec-parser==1.0.1")
PEERS = {
    "django-accounting-fr": """
from pathlib import Path
from accounting_fr.fec_check import check_fec
check_fec(Path({path!r}).read_bytes(), Path({path!r}).name)
""",
    "fec-parser": """
from fec_parser.parser import FECParser
with open({path!r}, encoding='iso8859-15', newline='') as stream:
    FECParser(stream, {path!r}).parse()
""",
}


def described(name: str, measure: Measure, bare: Measure) -> dict[str, object]:
    """One row, on the screen and for the document."""
    ratio, cpu_ratio = measure.seconds / bare.seconds, measure.cpu / bare.cpu
    failed = f"  exit {measure.code}" if measure.code else ""
    print(
        f"  {name:<22} {measure.seconds:8.2f} s {ratio:6.2f} ×   processor {measure.cpu:8.2f} s {cpu_ratio:6.2f} ×  "
        f"{measure.mib:6.0f} MiB{failed}"
    )
    return {
        "seconds": round(measure.seconds, 2),
        "ratio": round(ratio, 2),
        "cpu_seconds": round(measure.cpu, 2),
        "cpu_ratio": round(cpu_ratio, 2),
        "mib": round(measure.mib),
        "exit": measure.code,
    }


def run(lines: int) -> tuple[dict[str, object], bool]:
    """Measure one size; its part of the document, and whether what is required holds."""
    with tempfile.TemporaryDirectory(prefix="bocage-bench-") as name:
        folder = Path(name)
        fec, out = generated(folder, lines), folder / "facts"
        turns = 3 if lines <= THREE_TURNS_TO else 1
        bare = median(sys.executable, BARE.format(path=str(fec), out=f"{folder}/bare.parquet"), turns)
        ours = median(sys.executable, FACTS.format(path=str(fec), out=str(out)), turns)
        checks = None
        if not ours.code:
            checks = json.loads(Path(f"{out}.json").read_text(encoding="utf-8"))["files"][0]["checks_run"]
        print(f"{lines:,} lines, {fec.stat().st_size / 1e6:.0f} MB, {checks} checks")
        document: dict[str, object] = {"lines": lines, "checks_run": checks, "bare": described("bare", bare, bare)}
        document["bocage"] = described("bocage", ours, bare)
        python = peer_python(folder, *PEER_PACKAGES) if lines == PEERS_AT else None
        if python is not None:
            for peer, script in PEERS.items():
                document[peer] = described(peer, median(python, script.format(path=str(fec)), 1), bare)
    within = ours.seconds / bare.seconds <= LIMIT_RATIO and ours.mib <= LIMIT_MIB
    return document, ours.code == 0 and (lines < LIMIT_AT or within)


def generated(folder: Path, lines: int) -> Path:
    """The generated file of so many lines, in a folder of its own."""
    fec = folder / str(lines) / "100000009FEC20241231.txt"
    fec.parent.mkdir()
    generate = [sys.executable, "-m", "bench.generators.make_fec", "--lines", str(lines), "--out", str(fec)]
    options = ["--siren", "100000009", "--year", "2024", "--encoding", "iso8859-15", "--sep", "pipe", "--seed", "7"]
    subprocess.run([*generate, *options], check=True, stdout=subprocess.DEVNULL)
    return fec


def broken(clean: Path, folder: Path) -> Path:
    """The file with one row of a hundred broken, in turn by a line end in its label and by a separator."""
    made = folder / clean.name
    folder.mkdir()
    with clean.open("rb") as rows, made.open("wb") as out:
        for number, row in enumerate(rows):
            cells = row.split(b"|") if number % 100 == 1 else []
            if cells:
                cells[10] = cells[10] + b"|suite" if number % 200 == 1 else cells[10][:5] + b"\r\n" + cells[10][5:]
            out.write(b"|".join(cells) or row)
    return made


def slow() -> int:
    """What a small file costs once all is loaded, and what mending costs; 1 when a limit is not held."""
    with tempfile.TemporaryDirectory(prefix="bocage-bench-") as name:
        folder = Path(name)
        small, clean = generated(folder, 5_000), generated(folder, 1_000_000)
        mended = broken(clean, folder / "broken")
        seconds = []
        for turn in range(6):
            start = time.perf_counter()
            write_facts([FileSource(small)], folder / f"warm{turn}", work_dir=Path(tempfile.mkdtemp(dir=folder)))
            seconds.append(time.perf_counter() - start)
        warm = statistics.median(seconds[1:])
        usual = median(sys.executable, FACTS.format(path=str(clean), out=f"{folder}/clean_facts"), 3)
        harder = median(sys.executable, FACTS.format(path=str(mended), out=f"{folder}/mended_facts"), 3)
    print(f"5,000 lines, warm: {warm:.2f} s (limit {LIMIT_WARM} s)")
    print(f"1,000,000 lines, 1 % broken: {described('broken', harder, usual)['ratio']} × (limit {LIMIT_BROKEN})")
    return 0 if warm <= LIMIT_WARM and harder.seconds <= LIMIT_BROKEN * usual.seconds else 1


def main(sizes: list[int]) -> int:
    measured = [run(size) for size in sizes]
    print(json.dumps([document for document, _ in measured]))
    return 0 if all(held for _, held in measured) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["slow"]:
        sys.exit(slow())
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(SIZES)))
