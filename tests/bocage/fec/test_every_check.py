"""Every check on a line, an entry, an account or a date: what must raise it, and what stands just beside and must not.

A case changes a few cells of the book of eight lines. ``+`` raises the code, with its count; ``-`` does not.
"""

from functools import cache

import pytest

from tests.bocage.fec.books import book, read, text

type Cells = dict[str, str]


def on(*changes: tuple[int, Cells], more: list[Cells] | None = None) -> list[dict[str, str]]:
    """The book with other cells on some lines (from 0), and lines made like its third one at the end."""
    rows = book()
    for at, cells in changes:
        rows[at] |= cells
    return [*rows, *(book()[2] | cells for cells in more or [])]


def pair(account: str, other: str = "512000", amount: str = "10,00", number: str = "5", **cells: str) -> list[Cells]:
    """Two lines of one entry more: an account debited, another credited."""
    common = {"EcritureNum": number, "PieceRef": f"P{number}", "JournalCode": "OD", "JournalLib": "Divers"}
    common |= {"EcritureDate": "20241217", "PieceDate": "20241217", **cells}
    return [
        common | {"CompteNum": account, "CompteLib": "x", "Debit": amount, "Credit": "0,00"},
        common | {"CompteNum": other, "CompteLib": "Banque", "Debit": "0,00", "Credit": amount},
    ]


def more(*pairs: list[Cells]) -> list[dict[str, str]]:
    return on(more=[cells for each in pairs for cells in each])


# code, what is wrong, how often; then what is not
CASES: dict[str, list[tuple[str, list[dict[str, str]], int]]] = {
    "MAND-01": [
        ("number", on((2, {"EcritureNum": ""}), (3, {"EcritureNum": " "})), 2),
        ("no-break space", on((2, {"EcritureLib": "\u00a0"})), 1),
        ("auxiliary may be blank", on((2, {"CompAuxNum": "", "EcritureLet": ""})), 0),
        ("a narrow space is text", on((2, {"EcritureLib": "\u202f"})), 0),
    ],
    "MAND-02": [
        ("two fields of a line", on((2, {"PieceRef": "", "JournalLib": ""})), 2),
        ("zeros are filled", on((2, {"PieceDate": "00000000"})), 0),
    ],
    "NUM-01": [
        ("word", on((2, {"Debit": "abc"})), 1),
        ("euro sign", on((2, {"Debit": "100,00€"})), 1),
        ("sign alone", on((2, {"Debit": "+"})), 1),
        ("two minus", on((2, {"Debit": "--100,00"})), 1),
        ("comma alone", on((2, {"Credit": ","})), 0),
        ("leading comma", on((2, {"Credit": ",00"})), 0),
        ("two signs", on((2, {"Debit": "+100,00+"})), 0),
    ],
    "NUM-02": [
        ("point", on((2, {"Debit": "100.00"}), (3, {"Credit": "100."})), 2),
        ("thousands and comma", on((2, {"Debit": "1.100,00"})), 0),
        ("foreign amount", on((2, {"Montantdevise": "1.5", "Idevise": "USD"})), 1),
    ],
    "NUM-03": [("blank side", on((2, {"Credit": ""})), 1), ("zero", on((2, {"Credit": "0"})), 0)],
    "NUM-04": [
        ("left", on((2, {"Debit": "-100,00"}), (3, {"Credit": "100,00-"})), 2),
        ("zero", on((2, {"Credit": "-0"})), 0),
    ],
    "NUM-05": [
        ("small", on((2, {"Debit": "1E2"})), 1),
        ("signed", on((2, {"Debit": "1,0E+2"})), 1),
        ("huge", on((2, {"Debit": "1E30"})), 1),
        ("cut", on((2, {"Debit": "12E"})), 0),
    ],
    "NUM-06": [("both", on((2, {"Credit": "1,00"})), 1), ("one", on((2, {"Credit": "0"})), 0)],
    "NUM-07": [
        ("both nil", on((2, {"Debit": "0,00"})), 1),
        ("both blank", on((2, {"Debit": "", "Credit": ""})), 1),
        ("cancelled sides", on((2, {"Debit": "5,00", "Credit": "5,00"})), 0),
    ],
    "NUM-09": [
        *((f"{mark!r}", on((2, {"Debit": f"1{mark}100,00"})), 1) for mark in (" ", "\u00a0", "\u202f", ".", "'", "’")),
        ("padding", on((2, {"Debit": "   100,00"})), 0),
        ("zeros", on((2, {"Debit": "0000000100,00"})), 0),
    ],
    "NUM-10": [("third decimal", on((2, {"Debit": "100,001"})), 1), ("zeros", on((2, {"Debit": "100,000000"})), 0)],
    "NUM-11": [
        ("at", on((2, {"Debit": "1000000000000,00"})), 1),
        ("at, negative", on((2, {"Debit": "-1000000000000,00"})), 1),
        ("beyond", on((2, {"Debit": "9" * 20})), 1),
        ("below", on((2, {"Debit": "999999999999,99"})), 0),
    ],
    "DATE-01": [
        ("two digits", on((2, {"PieceDate": "15/01/24"})), 1),
        ("month 13", on((2, {"PieceDate": "20241315"})), 1),
        ("month 20", on((2, {"PieceDate": "20242015"})), 1),
        ("day 32", on((2, {"PieceDate": "20240132"})), 1),
        ("spaces", on((2, {"PieceDate": "2024 01 15"})), 1),
        ("no seconds", on((2, {"PieceDate": "20240115T10:00"})), 1),
        ("serial", on((2, {"PieceDate": "45306"})), 1),
        ("30 February", on((2, {"PieceDate": "20240230"})), 0),
        ("month nil", on((2, {"PieceDate": "20240015"})), 0),
    ],
    "DATE-02": [
        ("the day after", on((6, {"EcritureDate": "20250101"})), 1),
        ("the day itself", on((6, {"EcritureDate": "20241231"})), 0),
        ("not a day", on((6, {"EcritureDate": "20250230"})), 0),
    ],
    "DATE-03": [
        ("twelve months before", on((2, {"EcritureDate": "20231231"})), 1),
        ("the first day", on((2, {"EcritureDate": "20240101"})), 0),
        ("opening", on((0, {"EcritureDate": "20231231"}), (1, {"EcritureDate": "20231231"})), 0),
    ],
    "DATE-04": [("before", on((2, {"ValidDate": "20240114"})), 1), ("same", on((2, {"ValidDate": "20240115"})), 0)],
    "DATE-05": [("blank", on((2, {"ValidDate": ""})), 1), ("zeros", on((2, {"ValidDate": "00000000"})), 0)],
    "DATE-06": [
        ("one", on(), 1),
        ("two", on((7, {"ValidDate": "20250101"})), 0),
        ("blank", on((2, {"ValidDate": ""})), 0),
    ],
    "DATE-07": [("after", on((2, {"PieceDate": "20240116"})), 1), ("same", on(), 0)],
    "DATE-08": [
        ("366 days", on((2, {"PieceDate": "20230114"})), 1),
        ("365 days", on((2, {"PieceDate": "20230115"})), 0),
        ("opening", on((0, {"PieceDate": "20200101"})), 0),
    ],
    "DATE-09": [
        ("before", on((2, {"EcritureLet": "A", "DateLet": "20240114"})), 1),
        ("same", on((2, {"EcritureLet": "A", "DateLet": "20240115"})), 0),
    ],
    "DATE-10": [
        ("slashes and points", on((2, {"PieceDate": "15/01/2024"}), (3, {"PieceDate": "2024.01.15"})), 2),
        ("time", on((2, {"PieceDate": "20240115T10:00:00"})), 1),
        ("plain", on(), 0),
    ],
    "DATE-11": [
        ("30 February", on((2, {"PieceDate": "20240230"})), 1),
        ("day nil", on((2, {"PieceDate": "20240100"})), 1),
        ("31 April the other way", on((2, {"PieceDate": "31/04/2024"})), 1),
        ("29 February of a leap year", on((2, {"PieceDate": "20240229"})), 0),
    ],
    "DATE-12": [
        ("zeros", on((2, {"DateLet": "00000000", "PieceDate": "0"})), 2),
        ("blank", on((2, {"DateLet": " "})), 0),
    ],
    "DATE-13": [
        ("after", on((2, {"PieceDate": "21000101"})), 1),
        ("before", on((2, {"PieceDate": "18991231"})), 1),
        ("bounds", on((2, {"PieceDate": "20991231"}), (3, {"PieceDate": "19000101"})), 0),
    ],
    "ENT-01": [
        ("a cent", on((2, {"Debit": "100,01"})), 1),
        ("two entries that make up", on((2, {"Debit": "90,00"}), (4, {"Debit": "210,00"})), 2),
        ("less than half a cent", on((2, {"Debit": "100,004"})), 0),
    ],
    "ENT-02": [
        ("a cent", on((2, {"Debit": "100,01"})), 1),
        ("two entries that make up", on((2, {"Debit": "90,00"}), (4, {"Debit": "210,00"})), 0),
    ],
    "ENT-03": [("two", on((2, {"EcritureDate": "20240116"})), 1), ("one", on(), 0)],
    "ENT-04": [
        ("references", on((2, {"PieceRef": "X"})), 1),
        ("dates", on((4, {"PieceDate": "20240201"})), 1),
        ("one", on(), 0),
    ],
    "ENT-06": [
        ("apart", [*book()[:3], *book()[4:6], book()[3], *book()[6:]], 1),
        ("numbers in disorder", [*book()[:2], *book()[4:6], *book()[2:4], *book()[6:]], 0),
    ],
    "ENT-07": [("alone", more([pair("606100")[0] | {"Debit": "0,00"}]), 1), ("two", on(), 0)],
    "ENT-08": [
        ("month", on((2, {"EcritureDate": "20240216"})), 2),
        ("whole", on((2, {"EcritureDate": "20240131"})), 0),
    ],
    "ALT-01": [
        ("two journals", more(pair("606100", number="4")), 1),
        ("other label only", on((6, {"JournalLib": "Autre"})), 0),
    ],
    "ALT-02": [("unbalanced", on((2, {"Debit": "1,00"})), 1), ("balanced", on(), 0)],
    "ALT-03": [
        ("two days", more(pair("606100", number="4")), 1),
        ("one day", more(pair("606100", number="4", EcritureDate="20241216")), 0),
    ],
    "ALT-04": [("two", on((2, {"PieceRef": "X"})), 1), ("one", on(), 0)],
    "ALT-05": [("two", on((2, {"PieceDate": "20240114"})), 1), ("one", on(), 0)],
    "ALT-06": [
        ("two codes", on((6, {"EcritureLet": "A"}), (7, {"EcritureLet": "B"})), 1),
        ("a code and a blank", on((6, {"EcritureLet": "A"})), 0),
    ],
    "SEQ-01": [
        ("three missing", more(pair("606100", number="8")), 3),
        ("one missing", more(pair("606100", number="6")), 1),
        ("padded", more(pair("606100", number="0005")), 0),
        ("other prefix", more(pair("606100", number="OD7")), 0),
        ("dotted", [row | {"EcritureNum": f"1.{2 * int(row['EcritureNum'])}"} for row in book()], 3),
        ("one a journal, in order", more(pair("606100", number="1")), 0),
    ],
    "SEQ-03": [
        (
            "two lines",
            on((4, {"ValidDate": "20240101"}), (5, {"ValidDate": "20240301"}), (2, {"ValidDate": "20240401"})),
            3,
        ),
        ("growing", on((7, {"ValidDate": "20250101"})), 0),
    ],
    "SEQ-04": [
        ("back", more(pair("606100", number="5"), pair("606100", number="6", EcritureDate="20241216")), 2),
        ("another journal", more(pair("606100", number="5", EcritureDate="20240301")), 0),
        ("smaller number", more(pair("606100", number="6"), pair("606100", number="5", EcritureDate="20241216")), 0),
    ],
    "SEQ-05": [
        ("one a line", [row | {"EcritureNum": str(at)} for at, row in enumerate(book())], 1),
        ("one for all, ten lines", [row | {"EcritureNum": "1"} for row in more(pair("606100"))], 1),
        ("one for all, eight lines", [row | {"EcritureNum": "1"} for row in book()], 0),
    ],
    "AN-01": [
        ("last", [*book()[2:], *book()[:2]], 2),
        ("analytic", more(pair("606100", JournalCode="ANA", JournalLib="Analytique")), 0),
    ],
    "AN-02": [
        ("expense", on((0, {"CompteNum": "606100"})), 1),
        ("unbalanced", on((0, {"Debit": "999,00"})), 1),
        ("sound", on(), 0),
    ],
    "AN-04": [
        (
            "two thirds",
            on((0, {"CompteNum": "411000", "CompAuxNum": "A"}), (1, {"CompteNum": "411000", "CompAuxNum": "B"})),
            1,
        ),
        ("one", on((0, {"CompteNum": "411000", "CompAuxNum": "A"})), 0),
    ],
    "AN-05": [("none", book()[2:], 1), ("some", on(), 0)],
    "CLO-01": [
        ("into 120", more(pair("120000", "606100", JournalCode="CLO", JournalLib="Clôture")), 1),
        ("119 is another account", more(pair("119000", "606100")), 0),
        ("in the opening", on((0, {"CompteNum": "606100"}), (1, {"CompteNum": "120000"})), 0),
    ],
    "ACC-01": [
        ("two digits", on((2, {"CompteNum": "60"}), (3, {"CompteNum": "0DUPONT"})), 2),
        ("letters after", on((2, {"CompteNum": "606-1"}), (3, {"CompteNum": "411DUPONT"})), 0),
    ],
    "ACC-02": [
        ("no such root", on((2, {"CompteNum": "419000"}), (3, {"CompteNum": "195000"})), 1),
        ("root ending in nought", on((2, {"CompteNum": "600000"}), (3, {"CompteNum": "400000"})), 0),
    ],
    "ACC-03": [
        ("class 9", more(pair("900000", "901000")), 2),
        ("class 8", more(pair("801000", "802000")), 2),
        ("none", on(), 0),
    ],
    "ACC-04": [("two", on((4, {"CompteLib": "Autre"})), 1), ("one", on(), 0)],
    "ACC-05": [("longer", on((2, {"CompteNum": "6061000"})), 1), ("same", on(), 0)],
    "ACC-06": [
        ("waiting", more(pair("471000")), 1),
        ("till", more(pair("606100", "530000")), 1),
        ("till full", more(pair("530000")), 0),
    ],
    "AUX-01": [
        ("number", on((2, {"CompAuxNum": "F"}), (3, {"CompAuxLib": "F"})), 2),
        ("both", on((3, {"CompAuxNum": "F", "CompAuxLib": "F"})), 0),
    ],
    "AUX-02": [
        ("expense", on((2, {"CompAuxNum": "F", "CompAuxLib": "F"})), 1),
        ("supplier", on((3, {"CompAuxNum": "F", "CompAuxLib": "F"})), 0),
    ],
    "AUX-03": [
        ("none", on(*((at, {"CompAuxNum": "F", "CompAuxLib": "F"}) for at in (3, 4, 7))), 0),
        ("three", on(), 3),
        ("two", on((3, {"CompAuxNum": "F", "CompAuxLib": "F"})), 2),
    ],
    "LET-01": [
        ("both ways", on((2, {"EcritureLet": "A"}), (3, {"DateLet": "20240301"})), 2),
        ("zeros are no date", on((2, {"EcritureLet": "A", "DateLet": "00000000"})), 1),
        ("zeros without a code", on((2, {"DateLet": "00000000"})), 0),
    ],
    "LET-02": [
        ("cent", on((4, {"EcritureLet": "A"}), (7, {"EcritureLet": "A", "Credit": "199,99"})), 1),
        ("nil", on((4, {"EcritureLet": "A"}), (7, {"EcritureLet": "A"})), 0),
        ("another case", on((4, {"EcritureLet": "A"}), (7, {"EcritureLet": "a"})), 2),
        (
            "two thirds",
            on((4, {"EcritureLet": "A", "CompAuxNum": "X"}), (7, {"EcritureLet": "A", "CompAuxNum": "Y"})),
            2,
        ),
    ],
    "CUR-01": [
        ("amount", on((2, {"Montantdevise": "1,00"})), 1),
        ("currency", on((2, {"Idevise": "USD"})), 1),
        (
            "nil amount",
            on((2, {"Idevise": "USD", "Montantdevise": "0,00"}), (3, {"Idevise": "USD", "Montantdevise": "0.00"})),
            2,
        ),
        ("euro", on((2, {"Idevise": "EUR"})), 0),
        ("both", on((2, {"Idevise": "USD", "Montantdevise": "-1,00"})), 0),
    ],
    "CUR-02": [
        ("sign", on((2, {"Idevise": "$", "Montantdevise": "1"})), 1),
        ("known", on((2, {"Idevise": "CHF", "Montantdevise": "1"})), 0),
    ],
    "CUR-03": [("euro", on((2, {"Idevise": "EUR"})), 1), ("dollar", on((2, {"Idevise": "USD"})), 0)],
    "SEP-02": [("bar", on((2, {"EcritureLib": "a|b"})), 1), ("none", on(), 0)],
    "ROW-05": [
        ("thrice", [*book(), book()[2], book()[2]], 2),
        ("twice but a cell", [*book(), book()[2] | {"DateLet": "20240301"}], 0),
    ],
    "AUD-03": [
        ("Sunday", on((6, {"EcritureDate": "20241215"}), (7, {"EcritureDate": "20241215"})), 1),
        ("Whit Monday", on((6, {"EcritureDate": "20240520"}), (7, {"EcritureDate": "20240520"})), 1),
        ("Saturday", on((6, {"EcritureDate": "20241214"}), (7, {"EcritureDate": "20241214"})), 0),
    ],
    "AUD-04": [
        (
            "words",
            on((2, {"EcritureLib": "Régul. 2023"}), (3, {"EcritureLib": "ANNULATION"}), (4, {"EcritureLib": "divers"})),
            3,
        ),
        ("régularisé", on((2, {"EcritureLib": "à régulariser"})), 1),
        ("other words", on((2, {"EcritureLib": "Prêt annuel"}), (3, {"EcritureLib": "Diversey"})), 0),
    ],
    "AUD-05": [
        ("same reference", more(pair("606100", "401000", PieceRef="P2")), 1),
        ("another third", more(pair("606100", "401000", PieceRef="P2", CompAuxNum="X")), 0),
        ("same day and amount", more(pair("606100", "401000", "100,00", EcritureDate="20240115")), 1),
    ],
    "AUD-06": [
        ("at", more(pair("606100", "530000", "1000,00")), 1),
        ("below", more(pair("606100", "530000", "999,99")), 0),
        ("received", more(pair("530000", "512000", "5000,00")), 0),
    ],
    "AUD-08": [
        ("181 days", on((2, {"ValidDate": "20240714"})), 6),
        ("180 days", on((2, {"ValidDate": "20240713"})), 5),
        ("soon", on(*((at, {"ValidDate": "20240301"}) for at in range(8))), 0),
    ],
    "AUD-09": [("miscellaneous", more(pair("512000", "706000")), 1), ("sales", on(), 0)],
    "VAT-01": [
        ("19 %", more([*pair("606100", "401000", "100,00"), pair("445660", amount="19,00")[0]]), 1),
        ("20.05 %", more([*pair("606100", "401000", "100,00"), pair("445660", amount="20,05")[0]]), 0),
        ("20.06 %", more([*pair("606100", "401000", "100,00"), pair("445660", amount="20,06")[0]]), 1),
        ("5.5 %", more([*pair("606100", "401000", "100,00"), pair("445660", amount="5,50")[0]]), 0),
    ],
}


@cache
def counts(content: str) -> dict[str, int]:
    """How often each code is raised."""
    return {each.code: each.count for each in read(content).findings}


@pytest.mark.parametrize("code", CASES)
def test_what_raises_a_check_and_what_does_not(code: str) -> None:
    got = [(what, counts(text(rows)).get(code, 0)) for what, rows, _ in CASES[code]]
    assert got == [(what, count) for what, _, count in CASES[code]]
