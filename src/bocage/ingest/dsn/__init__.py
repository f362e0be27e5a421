"""DSN to payroll facts (:mod:`bocage.facts.payroll`): the one place where NIR, NTT and matricules become pseudonyms."""

from bocage.ingest.dsn.importing import DeclarationRead, DsnImport, FactsWriter, write_facts
from bocage.ingest.dsn.observing import together_of
from bocage.ingest.dsn.pseudonyms import Pseudonyms

__all__ = ["DeclarationRead", "DsnImport", "FactsWriter", "Pseudonyms", "together_of", "write_facts"]
