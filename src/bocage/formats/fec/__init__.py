"""FEC (fichier des écritures comptables): reading, checking, and saying what the official tester would say."""

from bocage.formats.fec.correcting import Change, Correction, NotCorrectable, correct, is_mendable
from bocage.formats.fec.door import Book, books, check
from bocage.formats.fec.lines import raw_lines
from bocage.formats.fec.native import SOFTWARE, native_export
from bocage.formats.fec.report import FecReport, report_as_json
from bocage.formats.fec.sniffing import sniff

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
    "native_export",
    "raw_lines",
    "report_as_json",
    "sniff",
]
