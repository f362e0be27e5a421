"""``make test-crash``: SIZE imports on each way of running Bocage, while workers, servers and disks fail."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.crash import scenario
from tests.crash.instances import Absent, PostgreSQL, RabbitMQ

WAYS = ("quiet", "sqlite", "postgresql", "rabbitmq", "disk")
CELERY = "cabinet.jobs.broker.CeleryBackend"


def quiet(folder: Path, size: int, seed: int) -> str:
    """A run without a kill, one file after another in this process: the facts that all others must give."""
    scenario.prepare(folder, {"TASKS_BACKEND": "django.tasks.backends.immediate.ImmediateBackend"})
    began = time.monotonic()
    count = scenario.send(size)
    (folder.parent / "facts.json").write_text(json.dumps(scenario.verify(count, None)))
    return f"{count} imports in {time.monotonic() - began:.0f} s, no kill: their facts are kept to compare"


def _crashing(
    folder: Path, size: int, seed: int, environment: dict[str, str], servers: dict[str, PostgreSQL | RabbitMQ]
) -> str:
    scenario.prepare(folder, environment)
    count = scenario.send(size)
    cast = scenario.Cast(folder)
    chance = random.Random(seed)
    crashes: list[tuple[float, str, Callable[[], None]]] = [
        (5.0 + 6.0 * rank, f"{name} crashed", server.crash_and_start)
        for rank, (name, server) in enumerate(servers.items())
    ]
    killer = scenario.Killer(cast, chance, kills=max(3, min(10, size // 15)), crashes=crashes)
    try:
        waited = scenario.await_the_end(cast, killer)
    finally:
        cast.end()
    assert not killer.crashes, f"the batch was over before {killer.crashes[0][1]}: give it a larger SIZE"
    expected = json.loads((folder.parent / "facts.json").read_text())
    scenario.verify(count, expected)
    stopped = f", {', '.join(killer.told)}" if killer.told else ""
    kills = cast.killed - scenario.WORKERS - 1
    return f"{count} accepted once, same facts, in {waited:.0f} s: {kills} workers killed{stopped}"


def sqlite(folder: Path, size: int, seed: int) -> str:
    return _crashing(folder, size, seed, {}, {})


def postgresql(folder: Path, size: int, seed: int) -> str:
    server = PostgreSQL(folder)
    try:
        return _crashing(folder, size, seed, {"DATABASE_URL": server.url}, {"PostgreSQL": server})
    finally:
        server.stop()


def rabbitmq(folder: Path, size: int, seed: int) -> str:
    server = PostgreSQL(folder)
    try:
        broker = RabbitMQ(folder)
        try:
            environment = {"DATABASE_URL": server.url, "TASKS_BACKEND": CELERY, "RABBITMQ_URL": broker.url}
            return _crashing(folder, size, seed, environment, {"RabbitMQ": broker, "PostgreSQL": server})
        finally:
            broker.stop()
    finally:
        server.stop()


def disk(folder: Path, size: int, seed: int) -> str:
    """The storage goes away, then the disk is full (root only: a tmpfs): files wait, then go on by themselves."""
    small = folder / "data"
    small.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], capture_output=True, check=False
        ).returncode
    )
    cast = scenario.Cast(folder)
    try:
        scenario.prepare(folder, {})
        from django.conf import settings

        from cabinet.imports.models import Import
        from cabinet.jobs.models import Job

        count = scenario.send(8)
        originals = Path(settings.STORAGE_DIR) / "originals"
        filler = small / "filler"
        done: list[str] = []

        def paused() -> bool:
            return Job.objects.filter(setbacks__gt=0).exists()

        def trouble(waited: float) -> None:
            refused = Import.objects.filter(state="refused").count()
            assert refused == 0, f"{refused} refused while the storage was away or the disk full"
            if not done:
                originals.rename(small / "away")
                done.append("away")
            elif done == ["away"] and paused():
                (small / "away").rename(originals)
                Job.objects.filter(setbacks__gt=0).update(setbacks=0)
                done.append("back")
                if mounted:
                    _fill(filler)
                    done.append("full")
            elif done[-1] == "full" and paused():
                filler.unlink()
                done.append("emptied")

        trouble(0.0)
        waited = scenario.await_the_end(cast, trouble)
        assert done in (["away", "back"], ["away", "back", "full", "emptied"]), done
        scenario.verify(count, None)
        full = "then a full disk" if mounted else "no full disk: only root may mount a tmpfs"
        return f"{count} accepted once in {waited:.0f} s, after a storage that was away, {full}; none refused"
    finally:
        cast.end()
        if mounted:
            subprocess.run(["umount", "-l", str(small)], check=False)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as handle:
        try:
            while True:
                handle.write(b"0" * 4096)
        except OSError:
            return


def main() -> int:
    """Each way in a process of its own; the first failure is told with what the workers wrote."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", choices=WAYS, action="append")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        try:
            print(globals()[asked.way](asked.folder, asked.size, asked.seed))
        except Absent as absent:
            print(f"left out: {absent} is not installed here")
        return 0
    root = Path(tempfile.mkdtemp(prefix="bocage-crash-"))
    root.chmod(0o755)
    print(f"SIZE={asked.size}, seed {asked.seed}", flush=True)
    passed = failed = 0
    try:
        for way in ("quiet", *(way for way in WAYS[1:] if not asked.only or way in asked.only)):
            folder = root / way
            folder.mkdir()
            command = [sys.executable, "-m", "tests.crash", "--way", way, "--folder", str(folder)]
            command += ["--size", str(asked.size), "--seed", str(asked.seed)]
            began = time.monotonic()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            said = done.stdout if done.returncode == 0 else f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
            print(f"{way} ({time.monotonic() - began:.0f} s): {said.strip()}", flush=True)
            passed, failed = passed + (done.returncode == 0), failed + (done.returncode != 0)
            if failed:
                break
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"crash: {passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
