"""Payroll facts: what a DSN becomes once read, one Parquet file a table, for one import (a file or an archive).

No one can be named from them: a person is ``person``, a contract number is ``number``, both keyed digests (HMAC-SHA-256
under the key of the client); no NIR, NTT, matricule, name, address, bank or tax value, birth *year* only. Every
declaration of the import is kept, replaced ones included: which one counts can only be said once the imports of a
client are put side by side (:mod:`bocage.indicators.workforce`).

Two integers tie the tables of one import together and mean nothing outside it: ``declaration`` (rank in the import) and
``contract`` (rank of the contract *row*, that is of one contract in one declaration).
"""

from types import MappingProxyType

from bocage.facts.columns import Column, Table

PAY_AMOUNT = "DECIMAL(14, 2)"
"""Euros, exact."""
QUANTITY = "DECIMAL(10, 2)"
"""Hours or days, exact."""

_DECLARATION = Column("declaration", "INTEGER", "rank of the declaration in the import, from 1", nullable=False)
_CONTRACT = Column("contract", "INTEGER", "the row of contracts that it belongs to", nullable=False)

DECLARATIONS = Table(
    "declarations",
    (
        _DECLARATION,
        Column("source", "VARCHAR", "name of the file, or archive!member", nullable=False),
        Column("norm", "VARCHAR", "S10.G00.00.006, as P25V01"),
        Column("test", "BOOLEAN", "S10.G00.00.005 = 01: figures may not be final", nullable=False),
        Column("nature", "VARCHAR", "S20.G00.05.001", nullable=False),
        Column("type", "VARCHAR", "S20.G00.05.002", nullable=False),
        Column("fraction", "VARCHAR", "S20.G00.05.003: 11 is the whole, nd is part n of d", nullable=False),
        Column("scope", "VARCHAR", "S20.G00.05.008: 01 whole, 02 agricultural part, 03 general part", nullable=False),
        Column("ordre", "BIGINT", "S20.G00.05.004: rank of building", nullable=False),
        Column("month", "DATE", "S20.G00.05.005, first day of the month; NULL for a signal"),
        Column(
            "cancels", "VARCHAR", "S20.G00.05.006: file date and ordre of the signal that this one cancels or replaces"
        ),
        Column("file_date", "DATE", "S20.G00.05.007"),
        Column("siren", "VARCHAR", "S21.G00.06.001", nullable=False),
        Column("siret", "VARCHAR", "S21.G00.06.001 and S21.G00.11.001", nullable=False),
        Column("naf", "VARCHAR", "S21.G00.11.002, else S21.G00.06.003"),
        Column("idcc", "VARCHAR", "S21.G00.11.022: main collective agreement"),
        Column("individuals", "INTEGER", "persons read", nullable=False),
        Column("contracts", "INTEGER", "contracts read", nullable=False),
        Column("complete", "BOOLEAN", "whether its end was reached (the next declaration, or S90)", nullable=False),
        Column("line", "INTEGER", "where it stands in its file", nullable=False),
    ),
)

CONTRACTS = Table(
    "contracts",
    (
        _CONTRACT,
        _DECLARATION,
        Column("person", "VARCHAR", "pseudonym: 64 hexadecimal digits", nullable=False),
        Column("identity", "VARCHAR", "what the pseudonym was made from: nir, ntt, matricule or none", nullable=False),
        Column("match", "VARCHAR", "digest of matricule, birth date and contract start: last resort to link an NTT"),
        Column("sex", "VARCHAR", "F or M: 30.005, else first digit of the NIR, else of the NTT"),
        Column("birth_year", "SMALLINT", "30.006"),
        Column("age", "SMALLINT", "full years on the last day of the month declared"),
        Column("start", "DATE", "40.001"),
        Column("number", "VARCHAR", "digest of 40.009"),
        Column("planned_end", "DATE", "40.010"),
        Column("nature", "VARCHAR", "40.007"),
        Column("scheme", "VARCHAR", "40.008"),
        Column("status", "VARCHAR", "40.002"),
        Column("pcs", "VARCHAR", "40.004"),
        Column("position", "VARCHAR", "digest of 40.041: place in the collective agreement"),
        Column("recourse", "VARCHAR", "40.021: why a fixed-term contract"),
        Column("unit", "VARCHAR", "40.011: 10 hour, 20 days a year…"),
        Column("reference", QUANTITY, "40.012: full-time quantity of the category"),
        Column("quota", QUANTITY, "40.013: quantity of the contract"),
        Column("modality", "VARCHAR", "40.014: 10 full time, 20 part time…"),
        Column("idcc", "VARCHAR", "40.017"),
        Column("abroad", "VARCHAR", "40.024"),
        Column("supplied", "VARCHAR", "40.074: case of labour supplied to another company"),
        Column("disabled", "BOOLEAN", "40.072 present (which one is never kept)", nullable=False),
        Column("seniority", "INTEGER", "86.003 where 86.001 = 07"),
        Column("seniority_unit", "VARCHAR", "86.002: 01 days, 02 months, 03 years"),
        Column("birth", "VARCHAR", "digest of the birth date, to tell that it changed"),
        Column("birth_corrected", "BOOLEAN", "31.011 present: the change of birth date is declared", nullable=False),
        Column("individual_line", "INTEGER", "where the person stands in the file", nullable=False),
        Column("line", "INTEGER", "where the contract stands in the file", nullable=False),
    ),
)

CHANGES = Table(
    "changes",
    (
        _CONTRACT,
        Column("day", "DATE", "41.001: the value of the contract holds from that day", nullable=False),
        Column("recomputed_from", "DATE", "41.028"),
        Column("field", "VARCHAR", "the column of contracts that changed, one of CHANGE_FIELDS", nullable=False),
        Column("old", "VARCHAR", "the value before that day, as the column would write it", nullable=False),
    ),
)

LINKS = Table(
    "links",
    (
        _CONTRACT,
        Column("day", "DATE", "41.001"),
        Column("old_siret", "VARCHAR", "41.012"),
        Column("old_number", "VARCHAR", "digest of 41.014"),
        Column("old_start", "DATE", "41.021"),
    ),
)

ALIASES = Table(
    "aliases",
    (
        _DECLARATION,
        Column("person", "VARCHAR", "pseudonym of the NIR now in use", nullable=False),
        Column("alias", "VARCHAR", "pseudonym under which the same person was declared before", nullable=False),
        Column("kind", "VARCHAR", "ntt (30.001 and 30.020 together) or old_nir (31.008)", nullable=False),
    ),
)

PAY = Table(
    "pay",
    (
        _CONTRACT,
        Column(
            "kind", "VARCHAR", "51.011, one of PAY_KINDS: views of one pay, never to be added together", nullable=False
        ),
        Column("start", "DATE", "51.001"),
        Column("end", "DATE", "51.002"),
        Column("month", "DATE", "month that the line pays: the month declared, or an earlier one", nullable=False),
        Column("hours", QUANTITY, "51.012"),
        Column("amount", PAY_AMOUNT, "51.013", nullable=False),
    ),
)

HOURS = Table(
    "hours",
    (
        _CONTRACT,
        Column("kind", "VARCHAR", "53.001: 01 paid, 02 absence not or partly paid", nullable=False),
        Column("unit", "VARCHAR", "53.003, else the unit of the contract; NULL when neither is known"),
        Column("month", "DATE", "as in pay", nullable=False),
        Column("quantity", QUANTITY, "53.002", nullable=False),
    ),
)

EXTRAS = Table(
    "extras",
    (
        _CONTRACT,
        Column("block", "VARCHAR", "52 premium or indemnity, 54 other gross income", nullable=False),
        Column("kind", "VARCHAR", "52.001 or 54.001", nullable=False),
        Column("month", "DATE", "as in pay, from the dates of the line when it has any", nullable=False),
        Column("amount", PAY_AMOUNT, "52.002 or 54.002", nullable=False),
    ),
)

ABSENCES = Table(
    "absences",
    (
        _CONTRACT,
        Column("motive", "VARCHAR", "60.001; 99 cancels the stop of the same last_worked", nullable=False),
        Column("last_worked", "DATE", "60.002", nullable=False),
        Column("planned_end", "DATE", "60.003"),
        Column("resumed", "DATE", "60.010"),
        Column("resume_motive", "VARCHAR", "60.011"),
        Column("accident", "DATE", "60.012: signals only"),
        Column("line", "INTEGER", "where it stands in the file", nullable=False),
    ),
)

SUSPENSIONS = Table(
    "suspensions",
    (
        _CONTRACT,
        Column("motive", "VARCHAR", "65.001; 998 cancels; NULL for MASKED_SUSPENSIONS (health, union)"),
        Column("start", "DATE", "65.002", nullable=False),
        Column("end", "DATE", "65.003"),
    ),
)

ENDS = Table(
    "ends",
    (
        _CONTRACT,
        Column("last_day", "DATE", "62.001", nullable=False),
        Column("motive", "VARCHAR", "62.002; 099 undoes an end declared by error", nullable=False),
    ),
)

HARDSHIP = Table(
    "hardship",
    (
        _CONTRACT,
        Column("factor", "VARCHAR", "34.001; 99 cancels", nullable=False),
        Column("year", "SMALLINT", "34.003"),
    ),
)

EXTERNAL_DISABILITY = Table(
    "external_disability",
    (
        _DECLARATION,
        Column("kind", "VARCHAR", "13.002"),
        Column("units", QUANTITY, "13.003", nullable=False),
        Column("year", "SMALLINT", "13.004"),
    ),
)

PAY_KINDS = ("001", "002", "010", "017", "018")
"""Kept of 51.011: gross, unemployment gross, base pay, overtime by chance, overtime by contract."""
BENEFIT_KINDS = ("02", "03", "04", "05", "06", "11", "12")
"""Kept of 54.001: benefits in kind, participation, intéressement."""
CHANGE_FIELDS = (
    "status",
    "nature",
    "scheme",
    "unit",
    "quota",
    "modality",
    "idcc",
    "recourse",
    "abroad",
    "pcs",
    "reference",
    "disabled",
    "supplied",
    "position",
)
"""Columns of ``contracts`` whose past a block 41 rewrites."""
MASKED_SUSPENSIONS = ("112", "114", "116", "618", "621")
"""Kept without their motive: degree of invalidity, union leave."""

TABLES = MappingProxyType(
    {
        table.name: table
        for table in (
            DECLARATIONS,
            CONTRACTS,
            CHANGES,
            LINKS,
            ALIASES,
            PAY,
            HOURS,
            EXTRAS,
            ABSENCES,
            SUSPENSIONS,
            ENDS,
            HARDSHIP,
            EXTERNAL_DISABILITY,
        )
    }
)
"""Every payroll table by name; an import writes all of them, some empty."""
