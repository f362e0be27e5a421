"""FEC columns to accounting facts."""

from bocage.ingest.fec.facts import FecImport, write_facts

__all__ = ["FecImport", "write_facts"]
