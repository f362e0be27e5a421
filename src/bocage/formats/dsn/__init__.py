"""DSN: the monthly payroll file and its signals. Reading, tree, controls of the norm."""

from bocage.formats.dsn.archives import Limits, Member, Refused, opened
from bocage.formats.dsn.as_json import check_as_json
from bocage.formats.dsn.checking import check, check_file
from bocage.formats.dsn.reader import After, Closing, Declaration, Envelope, Individual, Reader, Run, read
from bocage.formats.dsn.report import DeclarationSummary, DsnCheck, DsnReport
from bocage.formats.dsn.sniffing import kind_of, saved_as_utf16, sniff
from bocage.formats.dsn.tree import Block

__all__ = [
    "After",
    "Block",
    "Closing",
    "Declaration",
    "DeclarationSummary",
    "DsnCheck",
    "DsnReport",
    "Envelope",
    "Individual",
    "Limits",
    "Member",
    "Reader",
    "Refused",
    "Run",
    "check",
    "check_as_json",
    "check_file",
    "kind_of",
    "opened",
    "read",
    "saved_as_utf16",
    "sniff",
]
