"""The local stock of companies: loading it, then asking it by SIRET and by name.

    python -m bench registry                        1,000,000 establishments
    python -m bench.registry 44000000               the size of the real file; about 25 minutes and 10 GB of disk
    python -m bench.registry 44000000 /data/sirene  the files and the store kept there, and used again when they are

Prints the time and the peak memory of the load (a process of its own), the size of the store, and the milliseconds of
one question (median, 99 of 100) with the store's files in memory: those of the clock, then those of the processor,
which a machine with other work does not stretch. Required: 4 GiB to load, 20 ms for a SIRET, 150 ms for a name, on a
machine at rest. The names are invented and few: hundreds of units bear each of them at 44 million, where the real file
has few homonyms. It is the worst case of a search.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import duckdb

from bocage.identifiers import Siren, Siret
from bocage.registry import Company
from bocage.registry.stock import Shelf, Stock, StockFiles, load_stock

LEAST_ROWS, SEED = 1_000_000, 1
LIMITS = {"load": 4096.0, "SIRET": 20.0, "SIREN": 20.0, "name": 150.0}
"""MiB for the load, milliseconds (99 of 100) for the questions, by the first word of a row."""
SIRETS, NAMES = 5_000, 300


def generate(rows: int, folder: Path) -> None:
    """The official files, unless they are there."""
    if (folder / "StockUniteLegale").is_dir():
        return
    command = [sys.executable, "-m", "bench.generators.make_sirene_stock", "--rows", str(rows), "--out", str(folder)]
    subprocess.run([*command, "--seed", str(SEED)], check=True, stdout=subprocess.DEVNULL)


def load(folder: Path) -> None:
    """Load the files; in a process of its own, so that its peak memory is its own."""
    files = StockFiles((folder / "StockUniteLegale",), (folder / "StockEtablissement",))
    start = time.process_time()
    made = load_stock(files, folder / "store")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in (folder / "store").rglob("*") if path.is_file())
    print(
        f"  load: {made.seconds:,.0f} s ({time.process_time() - start:,.0f} s of processor), peak {peak:,.0f} MiB, "
        f"{size / 1e9:.2f} GB, {made.units:,} units, {made.indexed:,} names",
        flush=True,
    )
    if peak > LIMITS["load"]:
        sys.exit("  too much memory")


def warm(folder: Path) -> None:
    """Bring the files of the store into memory, as the day's work does."""
    for path in (folder / "store").rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(16 * 1024 * 1024):
                    pass


def sample(folder: Path, kind: str, columns: str, where: str, count: int) -> list[tuple[str, ...]]:
    """Some rows of the files, the same at each run."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {columns} FROM read_parquet('{folder}/{kind}/*.parquet') WHERE {where} "
            f"USING SAMPLE reservoir({count} ROWS) REPEATABLE ({SEED})"
        ).fetchall()


def misspelt(name: str, chance: random.Random) -> str:
    """Two neighbouring letters of the longest word swapped."""
    word = max(name.split(), key=len)
    at = chance.randrange(1, len(word) - 1)
    return name.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def questions(folder: Path, stock: Stock) -> dict[str, list[Callable[[], object]]]:
    """What is asked, by row of the report."""
    chance = random.Random(SEED)
    sirets = [Siret(row[0]) for row in sample(folder, "StockEtablissement", "siret", "true", SIRETS)]
    named = sample(
        folder,
        "StockEtablissement",
        "siren, libelleCommuneEtablissement",
        "etablissementSiege AND statutDiffusionEtablissement = 'O' AND etatAdministratifEtablissement = 'A'",
        NAMES * 2,
    )
    asked: list[tuple[str, str]] = []
    for siren, town in named:
        found = stock.find(Siren(siren))
        if isinstance(found, Company) and found.name:
            asked.append((found.name, town))
    asked = asked[:NAMES]

    def names(rows: Sequence[tuple[str, str]]) -> list[Callable[[], object]]:
        return [partial(stock.search, name, town) for name, town in rows]

    def shuffled(name: str) -> str:
        words = name.split()
        chance.shuffle(words)
        return f"SARL {' '.join(words)}"

    return {
        "SIRET": [partial(stock.find, one) for one in sirets],
        "SIREN": [partial(stock.find, one.siren) for one in sirets],
        "name": names([(name, "") for name, _ in asked]),
        "name and town": names(asked),
        "name, words in disorder": names([(shuffled(name), "") for name, _ in asked]),
        "name, misspelt": names([(misspelt(name, chance), "") for name, _ in asked]),
        "name, misspelt, and town": names([(misspelt(name, chance), town) for name, town in asked]),
        "name, with a word too many": names([(f"{name} ZYGOMATIQUE", town) for name, town in asked]),
        "name, nobody's": names([(f"ZYGO{rank} KWYJIBO", "") for rank in range(NAMES)]),
    }


def ask(folder: Path) -> bool:
    """Print how long the questions take; whether what is required holds."""
    warm(folder)
    stock = Shelf(folder / "store").current()
    if stock is None:
        sys.exit("  the store does not open")
    right = True
    for name, calls in questions(folder, stock).items():
        clock, processor = zip(*map(timed, calls), strict=True)
        late = percentile(clock, 99)
        holds = late <= LIMITS[name.replace(",", " ").split()[0]]
        right = right and holds
        print(
            f"  {name:<27} p50 {percentile(clock, 50):7.2f} ms  p99 {late:7.2f} ms   of processor: "
            f"p50 {percentile(processor, 50):7.2f} ms  p99 {percentile(processor, 99):7.2f} ms"
            f"{'' if holds else '  too slow'}",
            flush=True,
        )
    return right


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000


def percentile(times: Sequence[float], share: int) -> float:
    return sorted(times)[len(times) * share // 100]


def run(rows: int, folder: Path) -> bool:
    """Print one size; whether what is required holds."""
    print(f"{rows:,} establishments", flush=True)
    generate(rows, folder)
    if not (folder / "store" / "current").is_file():
        subprocess.run([sys.executable, "-m", "bench.registry", "load", str(folder)], check=True)
    return ask(folder)


def main(words: Sequence[str]) -> int:
    if words and words[0] == "load":
        load(Path(words[1]))
        return 0
    rows = int(words[0]) if words else LEAST_ROWS
    if len(words) > 1:
        return 0 if run(rows, Path(words[1])) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(rows, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
