"""All the indicators of a large FEC against the time of reading it, and the estimates of many small dossiers.

    python -m bench indicators              1,000,000 lines, then 500 small FEC
    python -m bench.indicators 200000       another size

Prints processor seconds (user and system, of this process) and their ratio to the reading, which checks the file and
writes the facts. Required at 1,000,000 lines: all indicators in at most half of it. The small dossiers are read once;
what is timed is what a newer set of factors would cost: their estimates again, with the progress as it goes.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bocage.formats.base import FileSource
from bocage.identifiers import Naf
from bocage.indicators import carbon, economic
from bocage.ingest.fec import write_facts
from bocage.vsme import Evidence, carbon_totals, label_lists, prefill

LIMIT_RATIO, LIMIT_AT = 0.5, 1_000_000
SMALL_DOSSIERS, SMALL_LINES, DISTINCT = 500, 1_000, 5
OPTIONS = carbon.Options(naf=Naf.parse("10.71C"))


def generate(path: Path, lines: int, seed: int) -> None:
    """A FEC of invented entries."""
    command = [sys.executable, "-m", "bench.generators.make_fec", "--lines", str(lines), "--out", str(path)]
    subprocess.run([*command, "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def parts(tables: Mapping[str, Path], folder: Path) -> dict[str, Callable[[], object]]:
    """What a dossier computes of a FEC."""

    def table() -> object:
        results = {one.code: one for one in economic.compute(tables)}
        found = carbon.estimate(tables, folder / "again.parquet", options=OPTIONS)
        products, materials = label_lists(tables)
        known = Evidence(results=results, carbon=carbon_totals(found), products=products, materials=materials)
        return prefill(known)

    return {
        "economic indicators": lambda: economic.compute(tables),
        "families, thirds, months": lambda: (
            economic.purchases_by_family(tables),
            economic.top_suppliers(tables),
            economic.top_customers(tables),
            economic.entries_by_month(tables),
            label_lists(tables),
        ),
        "carbon estimate": lambda: carbon.estimate(tables, folder / "carbon.parquet", options=OPTIONS),
        "VSME, with both again": table,
    }


def large(lines: int) -> bool:
    """Print one size; whether what is required holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fec, work = folder / "100000009FEC20241231.txt", folder / "work"
        work.mkdir()
        generate(fec, lines, 7)
        tables: dict[str, Path] = {}
        reading = seconds(
            lambda: tables.update(write_facts([FileSource(fec)], folder / "facts", work_dir=work)[0].tables)
        )
        print(f"{lines:,} lines, read in {reading:.1f} s of processor")
        found = {label: seconds(part) for label, part in parts(tables, folder).items()}
    for label, spent in found.items():
        print(f"  {label:<26} {spent:6.2f} s  ×{spent / reading:.2f}")
    whole = sum(list(found.values())[:3])
    print(f"  {'all indicators':<26} {whole:6.2f} s  ×{whole / reading:.2f}")
    return lines < LIMIT_AT or whole <= LIMIT_RATIO * reading


def many(count: int = SMALL_DOSSIERS) -> None:
    """The estimates of ``count`` small dossiers, over the facts of a few distinct files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = []
        for seed in range(DISTINCT):
            fec, work = folder / f"{seed}" / "100000009FEC20241231.txt", folder / f"work{seed}"
            fec.parent.mkdir()
            work.mkdir()
            generate(fec, SMALL_LINES, seed)
            facts.append(write_facts([FileSource(fec)], folder / f"facts{seed}", work_dir=work)[0].tables)
        start = time.process_time()
        for rank in range(count):
            carbon.estimate(facts[rank % DISTINCT], folder / "small.parquet", options=OPTIONS)
            if (rank + 1) % (count // 5) == 0:
                print(f"  {rank + 1} of {count} dossiers, {time.process_time() - start:.1f} s of processor")
        spent = time.process_time() - start
    print(f"{count} estimates of {SMALL_LINES:,} lines: {spent:.1f} s of processor, {spent * 1000 / count:.0f} ms each")


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [LIMIT_AT]
    kept = all(list(map(large, sizes)))
    many()
    sys.exit(0 if kept else 1)
