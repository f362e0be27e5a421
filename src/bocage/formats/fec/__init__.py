"""FEC (fichier des écritures comptables): reading, checking, and saying what the official tester would say."""

from bocage.formats.fec.correcting import Change, Correction, NotCorrectable, correct, is_mendable
from bocage.formats.fec.door import Book, books, check
from bocage.formats.fec.lines import raw_lines
from bocage.formats.fec.names import missing_parts, part_of, parts_in_words
from bocage.formats.fec.native import SOFTWARE, native_export
from bocage.formats.fec.report import FecReport, report_as_json
from bocage.formats.fec.sniffing import may_be_part, sniff

__all__ = [
    "SOFTWARE",
    "Book",
    "Change",
    "Correction",
    "FecReport",
    "NotCorrectable",
    "books",
    "check",
    "correct",
    "is_mendable",
    "may_be_part",
    "missing_parts",
    "native_export",
    "part_of",
    "parts_in_words",
    "raw_lines",
    "report_as_json",
    "sniff",
]
