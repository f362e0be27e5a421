"""What is counted when Prometheus asks: read in the database, so that any web process answers for all of them."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from cabinet.imports.selectors import count_by_state
from cabinet.jobs.selectors import count_of_jobs, late_works, oldest_waiting

logger = logging.getLogger(__name__)


def troubles() -> list[str]:
    """What stops this process from serving: ``database``, ``storage``."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.error("not ready: the database says %s", type(error).__name__)
        found.append("database")
    try:
        folder = Path(settings.WORK_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(settings.STORAGE_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in (folder, settings.STORAGE_DIR):
            with tempfile.TemporaryFile(dir=place) as probe:
                probe.write(b"ready?")
                probe.flush()
    except OSError as error:
        logger.error("not ready: the storage says %s", type(error).__name__)
        found.append("storage")
    return found


class Measures(Collector):
    """Imports, background work, recurring work, disk."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        imports = GaugeMetricFamily("bocage_imports", "Files received, by state.", labels=["state"])
        for state, count in count_by_state().items():
            imports.add_metric([state], count)
        yield imports
        jobs = GaugeMetricFamily(
            "bocage_jobs", "Background work of a day, by kind and state.", labels=["kind", "state"]
        )
        for (kind, state), count in count_of_jobs().items():
            jobs.add_metric([kind, state], count)
        yield jobs
        oldest = oldest_waiting()
        age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("bocage_oldest_waiting_seconds", "Age of the work that waits for a worker.", value=age)
        late = GaugeMetricFamily("bocage_recurring_late_seconds", "How late a recurring work is.", labels=["name"])
        for name, seconds in late_works().items():
            late.add_metric([name], seconds)
        yield late
        free = GaugeMetricFamily("bocage_disk_free_bytes", "Space left.", labels=["place"])
        for name, place in (("storage", settings.STORAGE_DIR), ("work", settings.WORK_DIR)):
            if Path(place).exists():
                free.add_metric([name], shutil.disk_usage(place).free)
        yield free
