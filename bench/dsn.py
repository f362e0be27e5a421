"""Reading and checking a DSN, against a bare read-and-split of the same file in the same run.

    python -m bench dsn                 files of 1,000, 10,000 and 50,000 employees
    python -m bench.dsn 20000           another size

Each figure is the median of three whole processes, from their start to their end: seconds by the clock, times the bare
split by the clock and by the processor (the clock says nothing on a machine that does something else), lines a second,
peak memory. Every control is on. Required at every size: check at most 10 times the split by the processor; 400 MiB at
10,000 employees. Goals: 6 times for the check, 3 for facts. At 1,000 employees dsn-tools, from PyPI, does its own work
in an environment made for it; without a package index it is left out.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench._processes import median, peer_python

SIZES = (1_000, 10_000, 50_000)
LIMIT_RATIO, LIMIT_MIB, LIMIT_AT = 10.0, 400.0, 10_000
PEER_PACKAGE, PEER_AT = "dsn-tools==0.1.2", 1_000
"""It takes minutes beyond that."""

SPLIT = "for line in open({path!r}, encoding='latin-1'):\n    code, _, value = line.rstrip().partition(',')\n"
READ = """
from pathlib import Path
from bocage.formats.base import FileSource
from bocage.formats.dsn import read
for declaration in read(FileSource(Path({path!r}))):
    for person in declaration.individuals():
        pass
"""
FACTS = """
import secrets, tempfile
from pathlib import Path
from bocage.formats.base import FileSource
from bocage.ingest.dsn import write_facts
with tempfile.TemporaryDirectory() as out:
    write_facts([FileSource(Path({path!r}))], Path(out), pseudonym_key=secrets.token_bytes(32))
"""
CHECK = "import sys\nfrom bocage.cli.main import main\nsys.exit(main(['dsn', 'check', {path!r}, '--json']))\n"
PEER = """
import os, dsn_tools
os.chdir(os.path.dirname(dsn_tools.__file__))
dsn_tools.DSNParser().parse_file({path!r})
"""


def compare(employees: int, folder: Path) -> bool:
    """Print the table of one size; whether the limits hold."""
    path = folder / f"{employees}.dsn"
    maker = [
        sys.executable,
        "-m",
        "bench.generators.make_dsn",
        "--siren",
        "000012344",
        "--seed",
        "5",
        "--out",
        str(path),
    ]
    subprocess.run(
        [*maker, "--employees", str(employees), "--month", "6", "--year", "2025"], check=True, stderr=subprocess.DEVNULL
    )
    with path.open("rb") as stream:
        lines = sum(1 for _ in stream)
    print(f"{employees} employees, {lines} lines, {path.stat().st_size / 1e6:.0f} MB")
    split = median(sys.executable, SPLIT.format(path=str(path)))
    rows = {"split": split}
    rows["read"] = median(sys.executable, READ.format(path=str(path)))
    rows["facts"] = median(sys.executable, FACTS.format(path=str(path)))
    rows["check"] = median(sys.executable, CHECK.format(path=str(path)))
    peer = peer_python(folder, PEER_PACKAGE) if employees == PEER_AT else None
    if peer:
        rows["dsn-tools"] = median(peer, PEER.format(path=str(path)), 1)
    for name, row in rows.items():
        failed = f"  exit {row.code}" if row.code else ""
        print(
            f"  {name:<10} {row.seconds:7.2f} s {row.seconds / split.seconds:7.1f} ×  {row.cpu / split.cpu:6.1f} × cpu "
            f"{lines / row.seconds / 1e3:8.0f} k lines/s  {row.mib:5.0f} MiB{failed}"
        )
    check = rows["check"]
    light = employees != LIMIT_AT or check.mib <= LIMIT_MIB
    return check.code == 0 and check.cpu / split.cpu <= LIMIT_RATIO and light


def main(sizes: list[int]) -> int:
    with tempfile.TemporaryDirectory(prefix="bocage-bench-") as folder:
        held = [compare(size, Path(folder)) for size in sizes]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
