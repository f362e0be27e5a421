"""DSN: the monthly payroll file and its signals. Reading, tree, controls of the norm."""

from bocage.formats.dsn.archives import Limits, Member, Refused, opened
from bocage.formats.dsn.reader import After, Closing, Declaration, Envelope, Individual, Reader, Run, read
from bocage.formats.dsn.sniffing import kind_of, sniff
from bocage.formats.dsn.tree import Block

__all__ = [
    "After",
    "Block",
    "Closing",
    "Declaration",
    "Envelope",
    "Individual",
    "Limits",
    "Member",
    "Reader",
    "Refused",
    "Run",
    "kind_of",
    "opened",
    "read",
    "sniff",
]
