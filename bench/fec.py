"""A FEC to its facts, every check on, against DuckDB's bare ``read_csv`` → Parquet of the same file in the same run.

    python -m bench fec             100,000 and 1,000,000 lines
    python -m bench.fec 3000000     another size

Whole processes: the median of three, its ratio to the bare reading, the peak memory of both. Required: 2.5 times and
600 MiB at 1,000,000 lines and more.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.dsn import median

SIZES = (100_000, 1_000_000)
LIMIT_RATIO, LIMIT_MIB, LIMIT_AT = 2.5, 600.0, 1_000_000

BARE = """
import duckdb
duckdb.sql('''copy (select * from read_csv({path!r}, delim='|', header=true, all_varchar=true, encoding='latin-1',
    quote='', escape='')) to {out!r} (format parquet)''')
"""
FACTS = "import sys\nfrom bocage.cli.main import main\nsys.exit(main(['fec', 'facts', {path!r}, '--out', {out!r}]))\n"


def run(lines: int) -> bool:
    """Print one size; whether what is required holds."""
    with tempfile.TemporaryDirectory() as folder:
        fec = Path(folder) / "100000009FEC20241231.txt"
        generate = [sys.executable, "-m", "bench.generators.make_fec", "--lines", str(lines), "--out", str(fec)]
        options = ["--siren", "100000009", "--year", "2024", "--encoding", "iso8859-15", "--sep", "pipe", "--seed", "7"]
        subprocess.run([*generate, *options], check=True, stdout=subprocess.DEVNULL)
        bare = median(sys.executable, BARE.format(path=str(fec), out=f"{folder}/bare.parquet"))
        ours = median(sys.executable, FACTS.format(path=str(fec), out=f"{folder}/facts"))
    ratio = ours.seconds / bare.seconds
    print(
        f"{lines:>10,} lines  bare {bare.seconds:.2f} s {bare.mib:.0f} MiB  bocage {ours.seconds:.2f} s "
        f"{ours.mib:.0f} MiB  ratio {ratio:.2f}"
    )
    return ours.code == 0 and (lines < LIMIT_AT or (ratio <= LIMIT_RATIO and ours.mib <= LIMIT_MIB))


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    held = [run(size) for size in sizes]
    sys.exit(0 if all(held) else 1)
