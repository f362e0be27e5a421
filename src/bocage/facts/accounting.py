"""Accounting facts: what a FEC becomes once read, one Parquet file a table.

Amounts are exact decimals in euros: ``DECIMAL(18, 2)``, widened for the whole file when it holds more decimals or
larger
amounts (:data:`MONEY` columns are then ``DECIMAL(38, n)``, n ≥ 2). Text columns are trimmed; a blank is NULL, never "".
A flow (turnover, purchases, carbon) leaves out opening *and* closing entries; a balance at closing leaves out closing
ones.
"""

from types import MappingProxyType

from bocage.facts.columns import Column, Table

MONEY = "MONEY"
"""Stands for ``DECIMAL(18, 2)``, or the wider decimal that one file needs."""


LINES = Table(
    "lines",
    (
        Column("line", "INTEGER", "physical line in the original, header included, from 1", nullable=False),
        Column(
            "part", "INTEGER", "1, or the rank of the part (_1, _2…) that the line number belongs to", nullable=False
        ),
        Column("journal_code", "VARCHAR", "JournalCode"),
        Column("journal_label", "VARCHAR", "JournalLib"),
        Column("journal_nature", "VARCHAR", "one of JOURNAL_NATURES, for the whole journal", nullable=False),
        Column(
            "entry_index", "INTEGER", "rank of the entry by its first line, from 1: the key of an entry", nullable=False
        ),
        Column("entry_number", "VARCHAR", "EcritureNum, as written"),
        Column("entry_date", "DATE", "EcritureDate; first day of the month when only PieceDate could be read"),
        Column("account", "VARCHAR", "CompteNum, as written"),
        Column("account_label", "VARCHAR", "CompteLib"),
        Column("account_pcg", "VARCHAR", "longest account of the year's general chart that begins CompteNum"),
        Column("pcg_label", "VARCHAR", "label of account_pcg in that chart"),
        Column("aux", "VARCHAR", "CompAuxNum"),
        Column("aux_label", "VARCHAR", "CompAuxLib"),
        Column("piece_ref", "VARCHAR", "PieceRef"),
        Column("piece_date", "DATE", "PieceDate"),
        Column("label", "VARCHAR", "EcritureLib"),
        Column("debit", MONEY, "Debit; 0 when blank", nullable=False),
        Column("credit", MONEY, "Credit; 0 when blank", nullable=False),
        Column("amount", MONEY, "debit − credit", nullable=False),
        Column("lettering", "VARCHAR", "EcritureLet; a group is (account, aux, lettering)"),
        Column("lettering_date", "DATE", "DateLet"),
        Column("valid_date", "DATE", "ValidDate"),
        Column("currency_amount", MONEY, "Montantdevise; NULL when blank or unreadable"),
        Column("currency", "VARCHAR", "Idevise"),
        Column("settlement_date", "DATE", "DateRglt, cash books only"),
        Column("settlement_mode", "VARCHAR", "ModeRglt, cash books only"),
        Column("operation_nature", "VARCHAR", "NatOp, cash books only"),
        Column("client_id", "VARCHAR", "IdClient, BNC cash books only"),
        Column("is_opening", "BOOLEAN", "line of an opening entry", nullable=False),
        Column("is_closing", "BOOLEAN", "line of an entry that clears expenses and revenue into 12", nullable=False),
        Column("entry_balanced", "BOOLEAN", "debits of the entry equal its credits", nullable=False),
        Column(
            "third_kind", "VARCHAR", "'supplier' or 'customer' for an expense or revenue line that has one, else NULL"
        ),
        Column("third_key", "VARCHAR", "auxiliary of the entry's only 40x (41x) third party, else its account"),
        Column("third_label", "VARCHAR", "label of that third party"),
    ),
)

ACCOUNTS = Table(
    "accounts",
    (
        Column("account", "VARCHAR", "CompteNum", nullable=False),
        Column("account_label", "VARCHAR", "the label that most lines bear"),
        Column("account_pcg", "VARCHAR", "as in lines"),
        Column("pcg_label", "VARCHAR", "as in lines"),
        Column("lines", "BIGINT", "number of lines", nullable=False),
        Column("opening", MONEY, "balance of the opening entries (debit − credit)", nullable=False),
        Column("debit", MONEY, "debits outside opening and closing entries", nullable=False),
        Column("credit", MONEY, "credits outside opening and closing entries", nullable=False),
        Column("closing_entries", MONEY, "balance of the closing entries, kept aside", nullable=False),
        Column("balance", MONEY, "opening + debit − credit, closing entries left out", nullable=False),
    ),
)

JOURNALS = Table(
    "journals",
    (
        Column("journal_code", "VARCHAR", "JournalCode"),
        Column("journal_label", "VARCHAR", "the label that most lines bear"),
        Column("journal_nature", "VARCHAR", "one of JOURNAL_NATURES", nullable=False),
        Column("lines", "BIGINT", "number of lines", nullable=False),
        Column("entries", "BIGINT", "number of entries", nullable=False),
        Column("debit", MONEY, "all debits", nullable=False),
        Column("credit", MONEY, "all credits", nullable=False),
    ),
)

BOOKS = Table(
    "books",
    (
        Column("siren", "VARCHAR", "from the file's name, NULL when absent or wrong"),
        Column("closing_date", "DATE", "from the file's name"),
        Column("period_start", "DATE", "first day of the fiscal year, by the one rule of the FEC room"),
        Column("period_end", "DATE", "last day of the fiscal year"),
        Column("first_entry", "DATE", "smallest date outside openings"),
        Column("last_entry", "DATE", "largest date outside openings"),
        Column("regime", "VARCHAR", "BIC, BNC_BA_COMMERCIAL, BA_TRESORERIE or BNC_TRESORERIE", nullable=False),
        Column(
            "chart", "VARCHAR", "special chart: agricultural, association, coownership, insurance, ohada; NULL: general"
        ),
        Column("chart_year", "INTEGER", "year of the general chart used for account_pcg", nullable=False),
        Column("entry_key", "VARCHAR", "number, piece or balance: how lines were put into entries", nullable=False),
        Column("lines", "BIGINT", "lines read", nullable=False),
        Column("entries", "BIGINT", "entries found", nullable=False),
    ),
)

FLAGS = Table(
    "flags",
    (
        Column("code", "VARCHAR", "check that points at the entry (docs/formats/fec.md)", nullable=False),
        Column("entry_index", "INTEGER", "the entry", nullable=False),
        Column("line", "INTEGER", "first line of the entry that the check points at", nullable=False),
        Column("part", "INTEGER", "part of that line", nullable=False),
        Column(
            "count",
            "BIGINT",
            "how many of what the check counts are here: their sum by code is the count of its finding",
            nullable=False,
        ),
        Column("value", "VARCHAR", "what was read: a gap, a number, a date"),
    ),
)

PLACES = Table(
    "places",
    (
        Column("code", "VARCHAR", "check of single lines that flags do not hold", nullable=False),
        Column("line", "INTEGER", "line that the check points at", nullable=False),
        Column("part", "INTEGER", "part of that line", nullable=False),
        Column("column", "VARCHAR", "column of the file that was judged, NULL: several"),
        Column("value", "VARCHAR", "what was read, as in lines"),
    ),
)

FLAGGED = Table(
    "flagged",
    (
        Column("entry_index", "INTEGER", "an entry that has a flag", nullable=False),
        Column("line", "INTEGER", "its first line", nullable=False),
        Column("part", "INTEGER", "part of that line", nullable=False),
        Column("lines", "INTEGER", "how many lines it has", nullable=False),
        Column("journal_code", "VARCHAR", "JournalCode"),
        Column("entry_number", "VARCHAR", "EcritureNum"),
        Column("entry_date", "DATE", "EcritureDate of its first line, as in lines"),
        Column("piece_ref", "VARCHAR", "PieceRef of its first line"),
        Column("label", "VARCHAR", "EcritureLib of its first line"),
        Column("debit", MONEY, "sum of its debits", nullable=False),
        Column("credit", MONEY, "sum of its credits", nullable=False),
        Column("is_opening", "BOOLEAN", "opening entry", nullable=False),
        Column("is_closing", "BOOLEAN", "closing entry", nullable=False),
    ),
)

SEQUENCES = Table(
    "sequences",
    (
        Column("journal_code", "VARCHAR", "journal that numbers apart; NULL: one sequence for the whole file"),
        Column("prefix", "VARCHAR", "what stands before the digits at the end of the numbers, '' for none"),
        Column("first_number", "VARCHAR", "EcritureNum of the lowest", nullable=False),
        Column("last_number", "VARCHAR", "EcritureNum of the highest", nullable=False),
        Column("numbers", "BIGINT", "different numbers", nullable=False),
        Column("missing", "BIGINT", "integers between the first and the last that no entry bears", nullable=False),
        Column("reused", "BIGINT", "numbers that serve in several entries", nullable=False),
    ),
)

JOURNAL_NATURES = ("opening", "purchases", "sales", "bank", "misc", "closing")
"""Closed list of ``journal_nature``; cash is ``bank``, payroll and anything else is ``misc``."""

TABLES = MappingProxyType(
    {table.name: table for table in (LINES, ACCOUNTS, JOURNALS, BOOKS, FLAGS, PLACES, FLAGGED, SEQUENCES)}
)
"""Every accounting table by name; ``books`` holds exactly one row."""
