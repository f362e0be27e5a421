"""Every check on the file, its bytes, its header, its rows, its whole: what raises it, and what stands just beside.

Each case is a file (and its name); ``0`` times means that the check stays silent. A code absent here is in
``test_every_check``.
"""

import io
import zipfile
from functools import cache

import pytest
from openpyxl import Workbook

from bocage.formats.base import BytesSource
from bocage.formats.fec.catalogue import CHECKS
from tests.bocage.fec import test_every_check
from tests.bocage.fec.books import COLUMNS, NAME, SIGNED, book, changed, read_all, signed, text
from tests.bocage.fec.test_every_check import more, on, pair

PLAIN = text()
BYTES = PLAIN.encode()
BA = (*COLUMNS, "DateRglt", "ModeRglt", "NatOp")
BNC = (*BA, "IdClient")
type Case = tuple[str, bytes | str, int] | tuple[str, bytes | str, int, str]


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(*columns: str) -> bytes:
    made, stream = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in book():
        sheet.append([row.get(name, "") for name in columns])
    made.save(stream)
    return stream.getvalue()


def lines(*changes: tuple[int, str], content: str = PLAIN) -> str:
    """The file with some lines (from 0, header included) written otherwise."""
    cut = content.split("\r\n")
    for at, line in changes:
        cut[at] = line
    return "\r\n".join(cut)


def row(at: int, content: str = PLAIN) -> str:
    return content.split("\r\n")[at]


def labelled(label: str) -> str:
    return text(changed(2, EcritureLib=label))


def renamed(**names: str) -> str:
    return text(names=[names.get(name, name) for name in COLUMNS])


def ordered(*columns: str) -> str:
    return text(columns=columns)


def cash(columns: tuple[str, ...] = BA, **cells: str) -> str:
    rows = [one | {"DateRglt": "20240131", "ModeRglt": "VIR", "NatOp": "x", "IdClient": "c"} for one in book()]
    rows[2] |= cells
    return text(rows, columns=columns)


def many(count: int, **cells: str) -> list[dict[str, str]]:
    """The book and balanced pairs of lines, each its own entry."""
    return more(*(pair("606100", number=str(5 + rank), PieceRef=f"R{rank}", **cells) for rank in range(count)))


def in_year(year: str, rows: list[dict[str, str]], **how: str) -> str:
    return text([{name: cell.replace("2024", year) for name, cell in one.items()} for one in rows], **how)


def numbered(*numbers: str) -> str:
    """The book under other entry numbers, one a line."""
    return text([one | {"EcritureNum": number} for one, number in zip(book(), numbers, strict=True)])


def opening_of(day: str, count: int = 2) -> str:
    """The book and a second opening of that day."""
    return text([*book(), *(one | {"EcritureNum": "9", "EcritureDate": day} for one in book()[:count])])


def sensed(*values: str) -> str:
    """Montant and Sens, the first lines with other values."""
    rows = signed()
    for one, value in zip(rows, values, strict=False):
        one["Sens"] = value
    return text(rows, columns=SIGNED)


def pointed() -> list[dict[str, str]]:
    return [one | {side: one[side].replace(",", ".") for side in ("Debit", "Credit")} for one in book()]


def chart(*named: tuple[int, str, str]) -> str:
    return text(on(*((at, {"CompteNum": account, "CompteLib": label}) for at, account, label in named)))


def centralised(amount: str = "100,00", journal: str = "Centralisation") -> str:
    """The purchases of January once more, in another journal."""
    cells = {"EcritureDate": "20240131", "JournalCode": journal, "JournalLib": journal, "PieceRef": "C"}
    return text(more(pair("606100", "401000", amount, **cells)))


def amounts(*values: str) -> str:
    """A purchase for each amount."""
    return text(more(*(pair("606100", "401000", value, number=str(5 + at)) for at, value in enumerate(values))))


def spread(*digits: int) -> str:
    """600 purchases whose first digits follow these weights."""
    total = sum(digits)
    counts = [round(600 * weight / total) for weight in digits]
    return amounts(*(f"{digit}3,4{at % 9}" for digit, count in enumerate(counts, 1) for at in range(count)))


XML = """<?xml version="1.0" encoding="UTF-8"?>
<comptabilite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="formatA47A-I-VII-1.xsd"><exercice>
<DateCloture>2024-12-31</DateCloture>
<journal><JournalCode>AC</JournalCode><JournalLib>Achats</JournalLib>
<ecriture><EcritureNum>1</EcritureNum><EcritureDate>2024-01-15</EcritureDate><EcritureLib>Gaz</EcritureLib>
<PieceRef>F1</PieceRef><PieceDate>2024-01-15</PieceDate><ValidDate>2025-03-31</ValidDate>
<ligne><CompteNum>606100</CompteNum><CompteLib>Gaz</CompteLib><Debit>100.00</Debit></ligne>
<ligne><CompteNum>401000</CompteNum><CompteLib>Fournisseurs</CompteLib><Credit>100.00</Credit></ligne>
</ecriture></journal></exercice></comptabilite>
"""
XML_CASH = XML.replace("VII-1", "VIII-5").replace(
    "</ValidDate>", "</ValidDate><DateRglt>2024-01-15</DateRglt><ModeRglt>VIR</ModeRglt><NatOp>x</NatOp>"
)
XML_NAME = NAME.replace("txt", "xml")


def xml(what: str, old: str, new: str, count: int, whole: str = XML) -> Case:
    """The XML of one entry, changed in one place."""
    assert old in whole
    return (what, whole.replace(old, new, 1), count, XML_NAME)


CASES: dict[str, list[Case]] = {
    "FILE-01": [
        ("nothing", b"", 1),
        ("zeros", bytes(4000), 1),
        ("an image", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, 1),
        ("a cut zip", zipped((NAME, BYTES))[:-30], 1, "a.zip"),
        ("prose has no header, and is no ruin", "Bonjour,\r\nvoici le fichier.\r\n" * 9, 0),
        ("a header alone", row(0) + "\r\n", 0),
    ],
    "FILE-02": [
        ("no SIREN", BYTES, 1, "FEC20241231.txt"),
        ("a mark between", BYTES, 1, "100000009_FEC_20241231.txt"),
        ("day first", BYTES, 1, "100000009FEC31122024.txt"),
        ("another century", BYTES, 1, "100000009FEC19991231.txt"),
        ("month 23", BYTES, 1, "100000009FEC20242331.txt"),
        ("month 13 passes", BYTES, 0, "100000009FEC20241331.txt"),
        ("small letters, a word before, (1) after", BYTES, 0, "x100000009fec20241231 (1).TXT"),
    ],
    "FILE-03": [
        ("wrong key", BYTES, 1, "100000008FEC20241231.txt"),
        ("noughts", BYTES, 1, "000000000FEC20241231.txt"),
        ("a SIRET", BYTES, 1, "10000000900012FEC20241231.txt"),
        ("no SIREN", BYTES, 1, "FEC20241231.txt"),
        ("right", BYTES, 0),
    ],
    "FILE-04": [
        ("no such day", BYTES, 1, "100000009FEC20241131.txt"),
        ("two years late", BYTES, 1, "100000009FEC20270131.txt"),
        ("a year before", BYTES, 1, "100000009FEC20231231.txt"),
        ("the last of the 24 months", BYTES, 0, "100000009FEC20251231.txt"),
        ("openings do not count", text(book()[:2]), 1),
    ],
    "FILE-06": [
        ("header alone", row(0) + "\r\n", 1),
        ("header and a blank line", row(0) + "\r\n\r\n", 1),
        ("one record", text(book()[:1]), 0),
    ],
    "FILE-07": [
        ("Sage", "#FLG 001\r\n#VER 18\r\n#DEV EUR\r\n#MECG\r\nVE\r\n310125\r\n#FIN\r\n", 1),
        ("Quadra", ("M411DUPONVE000310125 Facture".ljust(60) + "\r\n" + "C411DUPONDupont".ljust(40) + "\r\n") * 4, 1),
        ("EBP", '1,310125,VE,411000,,"Facture","F1",120.00,D,310125,EUR\r\n' * 2, 1),
        ("Cegid", "***S5CLIJRLSTD" + " " * 40 + "\r\nVE 31012025FC411000\r\n", 1),
        ("a FEC", BYTES, 0),
    ],
    "FILE-08": [("zipped", zipped((NAME, BYTES)), 1, "a.zip"), ("not", BYTES, 0)],
    "FILE-09": [
        ("(1)", BYTES, 1, "100000009FEC20241231 (1).txt"),
        ("copy", BYTES, 1, "100000009FEC20241231 - Copie.txt"),
        ("small letters", BYTES, 1, "100000009fec20241231.txt"),
        ("a part is no ornament", BYTES, 0, "100000009FEC20241231_1.txt"),
        ("refused names are another matter", BYTES, 0, "FEC20241231.txt"),
        ("clean", BYTES, 0),
    ],
    "FILE-10": [
        ("32 days", text(on((6, {"EcritureDate": "20241129"}), (7, {"EcritureDate": "20241129"}))), 1),
        ("31 days", text(on((6, {"EcritureDate": "20241130"}), (7, {"EcritureDate": "20241130"}))), 0),
        ("no date in the name", text(book()[:4]), 0, "100000009FEC.txt"),
    ],
    "FILE-11": [
        ("the second alone", BYTES, 1, NAME.replace(".", "_2.")),
        ("the first", BYTES, 0, NAME.replace(".", "_1.")),
    ],
    "FILE-12": [
        ("731 days", text(on((2, {"EcritureDate": "20221216"}), (3, {"EcritureDate": "20221216"}))), 1),
        ("730 days", text(on((2, {"EcritureDate": "20221217"}), (3, {"EcritureDate": "20221217"}))), 0),
        ("two openings 330 days apart", opening_of("20241126"), 1),
        ("two openings 329 days apart", opening_of("20241125"), 0),
        ("the second does not balance", opening_of("20250101", 1), 0),
    ],
    "FILE-13": [
        ("cut in a date", PLAIN[:-14], 1),
        ("cut after the amounts, when the others are whole", PLAIN[: PLAIN.rindex("\t20241231")], 1),
        ("short like the others", PLAIN.replace("\t20241231\t\t\r\n", "\t20241231\r\n")[:-2], 0),
        ("no line end, yet whole", PLAIN[:-2], 0),
    ],
    "FILE-14": [
        ("an archive inside", zipped(("b.zip", zipped((NAME, BYTES)))), 1, "a.zip"),
        ("a way out", zipped((f"../{NAME}", BYTES)), 1, "a.zip"),
        ("a document inside", zipped((NAME, BYTES), ("n.docx", zipped(("[Content_Types].xml", b"<T/>")))), 0, "a.zip"),
    ],
    "FILE-15": [
        ("a letter", zipped(("lettre.pdf", b"%PDF-1.4")), 1, "a.zip"),
        ("only the twin of a Mac", zipped((f"__MACOSX/._{NAME}", BYTES)), 1, "a.zip"),
        ("a FEC", zipped((NAME, BYTES)), 0, "a.zip"),
    ],
    "FILE-16": [
        ("18 names", workbook(*COLUMNS), 1, NAME.replace("txt", "xlsx")),
        ("another sheet", workbook("Date", "Montant"), 0, NAME.replace("txt", "xlsx")),
        ("text", BYTES, 0),
    ],
    "ENC-01": [
        ("UTF-16, once", PLAIN.encode("utf-16"), 1),
        ("cp1252, lines", text(on((2, {"EcritureLib": "l’eau"}), (3, {"EcritureLib": "d’été"}))).encode("cp1252"), 2),
        ("cp850, each line with an accent", labelled("Réglé à l'été").encode("cp850"), 8),
        ("XML declared so", XML.replace("UTF-8", "cp850").replace("Gaz", "Été").encode("cp850"), 1, XML_NAME),
        ("8859-15", labelled("Réglé à l'été, 12 €").encode("iso8859-15"), 0),
        ("UTF-8", labelled("l’été – €"), 0),
    ],
    "ENC-02": [
        ("twice encoded", text(on((2, {"EcritureLib": "rÃ©gul"}), (3, {"EcritureLib": "Ã©tÃ©"}))), 2),
        ("replaced", labelled("r\ufffdgul"), 1),
        ("a control", labelled("r\x02gul"), 1),
        ("a capital à with tilde", labelled("SÃO PAULO"), 0),
    ],
    "ENC-03": [("mark", b"\xef\xbb\xbf" + BYTES, 1), ("none", BYTES, 0), ("that of UTF-16", PLAIN.encode("utf-16"), 0)],
    "SEP-01": [
        ("semicolon", text(separator=";"), 1),
        ("comma", text(pointed(), separator=","), 1),
        ("bar", text(separator="|"), 0),
        ("semicolon, before 2013", in_year("2012", book(), separator=";"), 0, "100000009FEC20121231.txt"),
    ],
    "EOL-01": [("CR CR LF", text(end="\r\r\n"), 9), ("LF CR", text(end="\n\r"), 9), ("CR LF", BYTES, 0)],
    "EOL-02": [
        ("one LF among CR LF", PLAIN.replace("\r\n", "\n", 4).replace("\n", "\r\n", 3), 1),
        ("a lone CR inside a text of LF lines", text(changed(2, EcritureLib="a\rb"), end="\n"), 1),
        ("all LF", text(end="\n"), 0),
    ],
    "EOL-03": [("CR", text(end="\r"), 1), ("LF", text(end="\n"), 0)],
    "HDR-01": [
        ("five names", text(columns=COLUMNS[:5]), 1),
        ("on line 21", "x\r\n" * 20 + PLAIN, 1),
        ("on line 20", "x\r\n" * 19 + PLAIN, 0),
        ("six names", text(columns=COLUMNS[:6]), 0),
    ],
    "HDR-02": [
        ("two absent", ordered(*(name for name in COLUMNS if name not in {"Idevise", "DateLet"})), 2),
        ("known by another name", renamed(EcritureLet="Lettrage"), 0),
        ("Montant and Sens", text(signed(), columns=SIGNED), 0),
    ],
    "HDR-03": [
        ("two exchanged", ordered(*COLUMNS[:8], COLUMNS[9], COLUMNS[8], *COLUMNS[10:]), 2),
        ("an extra after", text(columns=(*COLUMNS, "Site")), 0),
    ],
    "HDR-04": [
        ("case and accent", renamed(Debit="Débit", PieceRef="PIECEREF"), 2),
        ("legal", BYTES, 0),
    ],
    "HDR-05": [
        ("a legal name twice", text(columns=(*COLUMNS, "EcritureLib")), 1),
        ("an extra name twice", text(columns=(*COLUMNS, "Site", "Site")), 1),
        ("the same but for a mark", text(columns=(*COLUMNS, "Site A", "Site-A")), 1),
        ("two extras", text(columns=(*COLUMNS, "Site", "Axe")), 0),
    ],
    "HDR-06": [
        ("two", text(columns=(*COLUMNS, "Site", "Axe")), 2),
        ("none", BYTES, 0),
        ("among the legal ones", ordered(*COLUMNS[:4], "Site", *COLUMNS[4:]), 0),
    ],
    "HDR-07": [
        ("among", ordered(*COLUMNS[:4], "Site", *COLUMNS[4:]), 1),
        ("first", ordered("Site", *COLUMNS), 1),
        ("after", text(columns=(*COLUMNS, "Site")), 0),
    ],
    "HDR-08": [
        ("21 columns", cash(), 1),
        ("Montant and Sens", text(signed(), columns=SIGNED), 1),
        ("plain", BYTES, 0),
    ],
    "HDR-09": [
        ("three", renamed(Idevise="IdDevise", CompAuxNum="CompteAuxNum", PieceRef="PIÈCEREF"), 3),
        ("accepted by the tester", renamed(Debit="Débit", Idevise="IDEVISE"), 0),
    ],
    "HDR-10": [
        ("no account", ordered(*(name for name in COLUMNS if name != "CompteNum")), 1),
        ("no date", ordered(*(name for name in COLUMNS if name not in {"EcritureDate", "PieceDate"})), 2),
        ("no amount", ordered(*(name for name in COLUMNS if name not in {"Debit", "Credit"})), 2),
        ("one date is enough", ordered(*(name for name in COLUMNS if name != "EcritureDate")), 0),
    ],
    "HDR-11": [("a title", "FEC 2024\r\n" + PLAIN, 1), ("a blank line", "\r\n" + PLAIN, 1), ("first", BYTES, 0)],
    "ROW-01": [
        ("a separator inside", lines((3, row(3).replace("Pièce 2", "Pièce\t2"))), 1),
        ("the last two lack", lines((3, row(3).rsplit("\t", 2)[0]), (4, row(4).rsplit("\t", 2)[0])), 2),
        ("blank line", PLAIN + "\r\n", 0),
        ("whole", BYTES, 0),
    ],
    "ROW-02": [
        ("blank in the middle and at the end", PLAIN.replace("\r\n", "\r\n\r\n", 1) + "\r\n", 2),
        ("tabs only", PLAIN + "\t" * 17 + "\r\n", 1),
        ("none", BYTES, 0),
    ],
    "ROW-03": [
        ("total", PLAIN + "TOTAL\t\t\t\t\t\t\t\t\t\t\t1500,00\t1500,00\t\t\t\t\t\r\n", 1),
        ("end of DOS", PLAIN + "\x1a", 1),
        ("a word", PLAIN + "Fin du fichier\r\n", 1),
        ("a total under the number", PLAIN + "\t\tTOTAL" + "\t" * 9 + "1500,00\t1500,00" + "\t" * 5 + "\r\n", 1),
        ("a number called so, with a date and an account", numbered(*"111222", "TOTAL", "TOTAL"), 0),
        ("a label that says total", labelled("TOTAL"), 0),
    ],
    "ROW-04": [
        ("all", '"' + PLAIN[:-2].replace("\t", '"\t"').replace("\r\n", '"\r\n"') + '"\r\n', 1),
        ("a lone quote", labelled('3" inox'), 0),
        ("the header only", lines((0, "\t".join(f'"{name}"' for name in COLUMNS))), 0),
    ],
    "ROW-06": [
        ("everywhere", text(trail="\t"), 1),
        ("header only", lines((0, row(0) + "\t")), 0),
        ("none", BYTES, 0),
    ],
    "ROW-07": [
        ("two of eight", lines((3, "AC\tx"), (4, "AC\tx")), 2),
        ("five in a hundred", text(many(46)) + "AC\tx\r\n" * 5, 0),
        ("six in a hundred", text(many(46)) + "AC\tx\r\n" * 6, 6),
    ],
    "MAND-03": [
        ("mode and date", cash(DateRglt="", ModeRglt=""), 2),
        ("NatOp may be blank", cash(NatOp=""), 0),
        ("IdClient may be blank", cash(BNC, IdClient=""), 0),
        ("BIC", BYTES, 0),
    ],
    "NUM-08": [
        ("one, blank, a word, a space inside", sensed("1", "", "Debit", "+ 1"), 4),
        ("small letters, spaces around", sensed("d", " c ", "D"), 0),
        ("signs", text(signed("+1", "-1"), columns=SIGNED), 0),
    ],
    "ENT-05": [
        ("one number a line", numbered(*"12345678"), 1),
        ("more than half unbalanced by the number", numbered(*"12233445"), 1),
        ("half unbalanced is not more than half", numbered(*"11223344".replace("3344", "3433")), 0),
        ("numbers hold", BYTES, 0),
    ],
    "SEQ-02": [
        ("the four journals from 1", numbered(*"11111111"), 4),
        ("nothing to number", text(book()[:2]), 0),
        ("none shared", BYTES, 0),
    ],
    "CLO-02": [
        ("named so, with the totals of purchases", centralised(), 1),
        ("other totals", centralised("100,01"), 0),
        ("another name", centralised(journal="OD"), 0),
    ],
    "ACC-07": [
        ("6582 in 2024", text(more(pair("658200"))), 1),
        ("671 in 2024 is of the year", text(more(pair("671200"))), 0),
        ("6712 in 2025", in_year("2025", more(pair("671200"))), 1, "100000009FEC20251231.txt"),
        ("6582 in 2025", in_year("2025", more(pair("658200"))), 0, "100000009FEC20251231.txt"),
    ],
    "ACC-08": [
        ("co-owners", chart((2, "606100", "Copropriétaires")), 1),
        ("dedicated funds", chart((2, "194000", "Fonds dédiés")), 1),
        ("insurance", chart((2, "606100", "Primes acquises")), 1),
        ("OHADA", chart((2, "606100", "Plan SYSCOHADA")), 1),
        ("a farm", chart((2, "601000", "Engrais"), (3, "431000", "MSA"), (4, "613000", "Fermages")), 1),
        ("two themes of a farm", chart((2, "601000", "Engrais"), (3, "431000", "MSA")), 0),
        ("other roots", chart((2, "606100", "MSA"), (4, "706000", "Fermages"), (5, "411000", "Engrais")), 0),
        ("a word inside a word", chart((2, "606100", "Ohadaire")), 0),
    ],
    "AUD-07": [
        ("all of it four times", text(book() * 4), 0),
        ("the four journals and the six accounts of the book", BYTES, 4 + 6),
        ("four lines", text(more(*(pair("606100", number=str(5 + at)) for at in range(3)))), 4 + 4),
    ],
    "AUD-01": [
        ("a quarter of twenty", amounts(*["100,00"] * 3, *["101,00"] * 15), 1),
        ("less than a quarter", amounts(*["100,00"] * 2, *["101,00"] * 16), 0),
        ("nineteen amounts", amounts(*["100,00"] * 17), 0),
    ],
    "AUD-02": [
        ("all alike", spread(1, 1, 1, 1, 1, 1, 1, 1, 1), 1),
        ("Benford's", spread(301, 176, 125, 97, 79, 67, 58, 51, 46), 0),
        ("498 amounts", amounts(*["93,41"] * 497), 0),
    ],
    "XML-01": [
        xml("cut", XML[-60:], "", 1),
        xml("crossed", "</ecriture></journal>", "</journal></ecriture>", 1),
        xml("sound", "Gaz", "Gaz", 0),
    ],
    "XML-02": [
        xml("an element lacks", "<PieceRef>F1</PieceRef>", "", 1),
        xml("a comma", "100.00", "100,00", 1),
        xml("30 February", "<PieceDate>2024-01-15", "<PieceDate>2024-02-30", 1),
        xml("another schema", "formatA47A-I-VII-1.xsd", "mon.xsd", 1),
        xml("an extra at the end of a line", "</Debit>", "</Debit><Site>S</Site>", 0),
        xml("both amounts", "</Debit>", "</Debit><Credit>1.00</Credit>", 0),
    ],
    "XML-03": [
        xml("an apostrophe, in the two lines of its entry", ">Gaz</EcritureLib>", ">l’eau</EcritureLib>", 2),
        xml("two euros", ">Gaz</EcritureLib>", ">1 € ou 2 €</EcritureLib>", 2),
        xml("one euro", ">Gaz</EcritureLib>", ">1 €</EcritureLib>", 0),
        xml("accents", ">Gaz</EcritureLib>", ">été à Noël</EcritureLib>", 0),
    ],
    "XML-04": [
        xml("a bar", ">Gaz</EcritureLib>", ">a|b</EcritureLib>", 1),
        xml("a break", ">Gaz</EcritureLib>", ">a\nb</EcritureLib>", 1),
        xml("a comment", "</ligne>", "</ligne><!-- a|b -->", 0),
    ],
    "XML-05": [
        xml("absent, two lines", "<NatOp>x</NatOp>", "", 2, XML_CASH),
        xml("empty", "<NatOp>x</NatOp>", "<NatOp></NatOp>", 2, XML_CASH),
        xml("filled", "Gaz", "Gaz", 0, XML_CASH),
    ],
    "XML-06": [
        xml("exponent", "<Debit>100.00", "<Debit>1E2", 1),
        xml("infinite", "<Debit>100.00", "<Debit>INF", 1),
        xml("time zone", "<PieceDate>2024-01-15", "<PieceDate>2024-01-15Z", 1),
        xml("a word", "<Debit>", "<Montantdevise>cent</Montantdevise><Idevise>USD</Idevise><Debit>", 1),
        xml("plain", "<Debit>", "<Montantdevise>100.5</Montantdevise><Idevise>USD</Idevise><Debit>", 0),
    ],
}  # fmt: skip


@cache
def found(content: bytes, name: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for report in read_all([BytesSource(name, content)]):
        for each in report.findings:
            counted[each.code] = counted.get(each.code, 0) + each.count
    return counted


@pytest.mark.parametrize("code", CASES)
def test_what_raises_a_check_and_what_does_not(code: str) -> None:
    got = []
    for what, content, _, *name in CASES[code]:
        raw = content.encode() if isinstance(content, str) else content
        got.append((what, found(raw, str(name[0]) if name else NAME).get(code, 0)))
    assert got == [(what, count) for what, _, count, *_ in CASES[code]]


def years(closing: str, opening: str) -> dict[str, int]:
    """AN-03 for two years given together: the bank of the first at its end, that of the second at its beginning."""
    first = on((7, {"Debit": "0,00", "Credit": closing}), (6, {"Debit": closing, "Credit": "0,00"}))
    second = [one | {"Debit": opening} if at == 0 else one for at, one in enumerate(book())]
    sources = [
        BytesSource(NAME, text(first).encode()),
        BytesSource("100000009FEC20251231.txt", in_year("2025", second).encode()),
    ]
    reports = read_all(sources)
    return {report.file: each.count for report in reports for each in report.findings if each.code == "AN-03"}


def test_openings_are_compared_with_the_closing_of_the_year_before() -> None:
    later = "100000009FEC20251231.txt"
    assert years("200,00", "1200,00") == {later: 1}  # the supplier was not taken over
    assert years("200,00", "1200,01") == {later: 2}


def test_every_code_of_the_catalogue_is_raised_and_stays_silent() -> None:
    elsewhere = {"FILE-05", "AN-03"}  # both need more than a file: test_reading
    told = {**test_every_check.CASES, **CASES}
    lacking = set(CHECKS) - set(told) - elsewhere
    assert lacking == set()
    one_sided = {code for code, cases in told.items() if len({case[2] > 0 for case in cases}) < 2}
    assert one_sided == set()
