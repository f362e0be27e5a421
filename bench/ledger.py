"""Views of the books of a large FEC, from the tables that an import keeps.

    python -m bench ledger              1,000,000 lines
    python -m bench.ledger 3000000      another size

Prints the milliseconds of processor of each view, both cores together (best of five, its connection included), beside
one bare pass over the same file's amounts, which is the unit of its ratio; then the seconds of processor and the bytes
of what is derived at import. Required at 1,000,000 lines: 200 ms for each.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bocage.formats.base import FileSource
from bocage.indicators import ledger
from bocage.indicators.ledger import Search
from bocage.indicators.ledger.reading import open_books
from bocage.ingest.fec import write_facts

LIMIT_MS, LIMIT_AT = 200.0, 1_000_000


def best(work: Callable[[], object]) -> float:
    """Milliseconds of processor of the quickest of five: the machine has others to serve."""
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def views(tables: dict[str, Path]) -> dict[str, Callable[[], object]]:
    """What each screen computes."""
    number = max(ledger.trial_balance(tables).accounts(), key=lambda one: one.lines).account

    def account(search: Search, offset: int = 0) -> object:
        found = ledger.find_account(tables, number)
        return found and ledger.account_lines(tables, found, search, offset=offset)

    def bare() -> object:
        with open_books(tables) as books:
            return books.row(f"SELECT sum(debit), sum(credit) FROM {books.relation('lines')}")

    return {
        "bare sum": bare,
        "balance": lambda: ledger.trial_balance(tables),
        "third parties": lambda: ledger.auxiliary_balance(tables, "40"),
        "account, first page": lambda: account(Search()),
        "account, page 1,000": lambda: account(Search(), 100_000),
        "account, search": lambda: account(Search("facture 12", start=date(2024, 3, 1))),
        "all lines, search": lambda: ledger.find_lines(tables, Search("électricité 12")),
        "all lines, a voucher": lambda: ledger.find_lines(tables, Search("0046182")),
        "all lines, amount": lambda: ledger.find_lines(tables, Search("120,50")),
        "entry": lambda: ledger.find_entry(tables, 150_000),
        "flags": lambda: ledger.flag_counts(tables),
        "flagged, last page": lambda: ledger.flagged_entries(tables, ["AUD-03"], Search(), offset=6_000),
        "numbering": lambda: ledger.numbering(tables),
        "chronology": lambda: ledger.chronology(tables),
        "journals by month": lambda: ledger.month_table(tables),
    }


def run(lines: int) -> bool:
    """Print one size; whether what is required holds."""
    with tempfile.TemporaryDirectory() as folder:
        fec, work = Path(folder) / "100000009FEC20241231.txt", Path(folder) / "work"
        work.mkdir()
        generate = [sys.executable, "-m", "bench.generators.make_fec", "--lines", str(lines), "--out", str(fec)]
        subprocess.run([*generate, "--seed", "7"], check=True, stdout=subprocess.DEVNULL)
        tables = write_facts([FileSource(fec)], Path(folder) / "facts", work_dir=work)[0].tables
        start = time.process_time()
        tables |= ledger.derive(tables, Path(folder) / "facts", work_dir=work)
        print(f"{lines:,} lines, derived in {time.process_time() - start:.1f} s of processor")
        print("  " + ", ".join(f"{name} {path.stat().st_size / 1e6:.1f} MB" for name, path in tables.items()))
        found = {name: best(view) for name, view in views(tables).items()}
    for name, milliseconds in found.items():
        print(f"  {name:<22} {milliseconds:7.1f} ms  ×{milliseconds / found['bare sum']:.1f}")
    return lines < LIMIT_AT or max(found.values()) <= LIMIT_MS * max(1, lines / LIMIT_AT)


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [LIMIT_AT]
    sys.exit(0 if all(list(map(run, sizes))) else 1)
