"""Tables derived from the accounting facts, so that a page of a large file opens at once. They can be made again."""

from types import MappingProxyType

from bocage.facts.accounting import MONEY
from bocage.facts.columns import Column, Table

LEDGER = Table(
    "ledger",
    (
        Column("position", "BIGINT", "from 1, in the order of accounts, openings, dates, closings", nullable=False),
        Column("account", "VARCHAR", "CompteNum, '' when blank", nullable=False),
        Column("line", "INTEGER", "physical line, as in lines", nullable=False),
        Column("part", "INTEGER", "as in lines", nullable=False),
        Column("entry_index", "INTEGER", "as in lines", nullable=False),
        Column("entry_date", "DATE", "as in lines"),
        Column("journal_code", "VARCHAR", "as in lines"),
        Column("entry_number", "VARCHAR", "as in lines"),
        Column("piece_ref", "VARCHAR", "as in lines"),
        Column("label", "VARCHAR", "as in lines"),
        Column("aux", "VARCHAR", "as in lines"),
        Column("aux_label", "VARCHAR", "as in lines"),
        Column("lettering", "VARCHAR", "as in lines"),
        Column("debit", MONEY, "as in lines", nullable=False),
        Column("credit", MONEY, "as in lines", nullable=False),
        Column("is_opening", "BOOLEAN", "as in lines", nullable=False),
        Column("is_closing", "BOOLEAN", "as in lines", nullable=False),
        Column("running", MONEY, "sum of debit − credit from position 1, all accounts together", nullable=False),
    ),
)

TEXTS = Table(
    "texts",
    (
        Column("position", "BIGINT", "as in ledger", nullable=False),
        Column("part", "INTEGER", "as in lines", nullable=False),
        Column("line", "INTEGER", "as in lines", nullable=False),
        Column("entry_date", "DATE", "as in lines"),
        Column("debit", MONEY, "as in lines", nullable=False),
        Column("credit", MONEY, "as in lines", nullable=False),
        Column("words", "VARCHAR", "what a search looks at: lower case, no accents", nullable=False),
    ),
)
"""What a search reads of each line: its texts in one, those that its label repeats left out."""

AUXILIARIES = Table(
    "auxiliaries",
    (
        Column("account", "VARCHAR", "an account of 40 or 41", nullable=False),
        Column("aux", "VARCHAR", "CompAuxNum; NULL: lines without a third party"),
        Column("aux_label", "VARCHAR", "the label that most lines bear"),
        Column("lines", "BIGINT", "number of lines", nullable=False),
        Column("opening", MONEY, "as in accounts", nullable=False),
        Column("debit", MONEY, "as in accounts", nullable=False),
        Column("credit", MONEY, "as in accounts", nullable=False),
        Column("closing_entries", MONEY, "as in accounts", nullable=False),
        Column("balance", MONEY, "as in accounts", nullable=False),
    ),
)

MONTHS = Table(
    "months",
    (
        Column("journal_code", "VARCHAR", "JournalCode"),
        Column("month", "DATE", "first day of the month of EcritureDate; NULL when it cannot be read"),
        Column("lines", "BIGINT", "number of lines", nullable=False),
        Column("entries", "BIGINT", "entries that have a line in this month", nullable=False),
        Column("debit", MONEY, "debits", nullable=False),
        Column("credit", MONEY, "credits", nullable=False),
    ),
)

TABLES = MappingProxyType({table.name: table for table in (LEDGER, TEXTS, AUXILIARIES, MONTHS)})
"""Every derived table by name."""
