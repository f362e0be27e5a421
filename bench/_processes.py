"""Whole processes measured from their start to their end, and the environments of what Bocage is compared with."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TURNS = 3


@dataclass(frozen=True)
class Measure:
    seconds: float
    mib: float
    code: int
    cpu: float
    """User and system seconds of the process."""


def measure(python: str, script: str) -> Measure:
    """One process, from its start to its end."""
    start = time.perf_counter()
    child = subprocess.Popen([python, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    return Measure(seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), cpu)


def median(python: str, script: str, times: int = TURNS) -> Measure:
    turns = [measure(python, script) for _ in range(times)]
    seconds = statistics.median(turn.seconds for turn in turns)
    cpu = statistics.median(turn.cpu for turn in turns)
    return Measure(seconds, max(turn.mib for turn in turns), max(turn.code for turn in turns), cpu)


def peer_python(folder: Path, *packages: str) -> str | None:
    """The Python of an environment that holds the packages; None, and why on the screen, when it cannot be made."""
    python = folder / "peers" / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder / "peers")], check=True, capture_output=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        print(f"no peers: {error.stderr.decode(errors='replace').strip()[-200:]}", file=sys.stderr)
        return None
    return str(python)
