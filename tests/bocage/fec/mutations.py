"""Damage done to a file on purpose, the same for the same seed."""

import io
import random
import re
import zipfile

_PIECES = (
    b"\t", b"|", b";", b"\r", b"\n", b"\r\n", b"'", b'"', b"\x00", b",", b".", b"-", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\x1a", b"9" * 400, b"\xc3", b"\xa0", b"E9", b"<", b"&", b"20240230", b" " * 300, b"FEC",
)  # fmt: skip


def mutate(content: bytes, seed: int) -> bytes:
    """One to eight changes: cut, insert, replace, repeat, swap, truncate."""
    rng = random.Random(seed)
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        kind, at = rng.randrange(6), rng.randrange(len(data) + 1)
        if kind == 0:
            del data[at : at + rng.randint(1, 400)]
        elif kind == 1:
            data[at:at] = rng.randbytes(rng.randint(1, 40))
        elif kind == 2:
            data[at : at + 1] = rng.choice(_PIECES)
        elif kind == 3:
            data[at:at] = data[: rng.randint(1, 2000)]
        elif kind == 4:
            other = rng.randrange(len(data) + 1)
            data[at : at + 30], data[other : other + 30] = data[other : other + 30], data[at : at + 30]
        elif rng.random() < 0.2:
            del data[at:]
    return bytes(data)


_CELLS = (
    "",
    " ",
    "\u00a0",
    "0",
    "00000000",
    "20240230",
    "20241331",
    "31/12/2024",
    "2024-12-31T10:00:00",
    "19990101",
    "99991231",
    "1 234,56",
    "1\u202f234,56",
    "1.234,56",
    "1234.56",
    "12,00-",
    "-12,00",
    "+12",
    "1E3",
    "1e400",
    ",",
    ",000",
    "--1",
    "abc",
    "12,00 EUR",
    "1'234,56",
    "9" * 25,
    "0,005",
    "D",
    "c",
    "+1",
    "-1",
    "1",
    "Debit",
    "|",
    '"',
    "\x1a",
    "’œ–€",
    "É" * 300,
    "EUR",
    "usd",
    "9CLIENT",
    "60",
    "120000",
    "890000",
    "AN",
    "401DUPONT",
    "A",
    "a",
    "TOTAL",
    "=1+1",
    "\x00",
    "\ufeff",
    "2024",
    "NaN",
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp1252", "cp850", "mac-roman", "iso8859-15")


def _text_of(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def damage_cells(content: bytes, seed: int) -> bytes:
    """A flat file with other cells, columns, lines, separators, line ends or characters."""
    rng = random.Random(seed)
    lines = _text_of(content).splitlines()[:400]
    mark = max("\t|;,", key=lambda each: lines[0].count(each) if lines else 0)
    rows = [line.split(mark) for line in lines if line] or [[""]]
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(rows))
        row, kind = rows[at], rng.randrange(12)
        cell = rng.randrange(len(row)) if row else 0
        if kind < 5 and row:
            row[cell] = rng.choice(_CELLS)
        elif kind == 5:
            row.insert(cell, rng.choice(_CELLS))
        elif kind == 6 and row:
            del row[cell]
        elif kind == 7:
            rows.insert(at, rng.choice([list(row), [""], ["TOTAL", "1"], ["", ""], [""] * len(row)]))
        elif kind == 8 and len(rows) > 1:
            del rows[at]
        elif kind == 9 and row:
            row[cell] = row[cell][:3] + rng.choice(["\n", "\r", "\r\n", mark, "\x0b", "\u2028"]) + row[cell][3:]
        elif kind == 10:
            order = rng.sample(range(len(rows[0])), len(rows[0]))
            rows = [[each[i] for i in order] if len(each) == len(order) else each for each in rows]
        else:
            value = rng.choice(_CELLS)
            for each in rows[1:]:
                if cell < len(each):
                    each[cell] = value
    mark = rng.choice([mark, mark, mark, *"\t|;,"])
    end = rng.choice(["\r\n", "\r\n", "\n", "\r", "\r\r\n", "\n\r"])
    quote = '"' if rng.randrange(12) == 0 else ""
    made = end.join(mark.join(f"{quote}{each}{quote}" for each in row) for row in rows) + rng.choice([end, end, ""])
    return made.encode(rng.choice((*_ENCODINGS, "utf-8", "utf-8")), "replace")


_TAGS = re.compile(rb"<(/?)([A-Za-z]+)([^<>]*)>([^<>]*)")
_TEXTS = (
    b"",
    b"  ",
    b"2024-02-30",
    b"2024-13-01",
    b"2024-01-01Z",
    b"2024-01-01T10:00:00+01:00",
    b"1E3",
    b"INF",
    b"1,5",
    b"abc",
    b"a|b",
    b"a\nb",
    "’".encode(),
    "€€".encode(),
    b"&amp;",
    b"&lt;",
    b"&#10;",
    b"&#0;",
    b"&a;",
    b"<![CDATA[<x>]]>",
    b"<!-- c -->",
    b"D",
    b"-1",
    b"x" * 5000,
    b"\xff",
    b"12",
    b"0",
    b"-12.5",
)
_DECLARED = (b"utf-8", b"UTF-16", b"iso-8859-15", b"windows-1252", b"us-ascii", b"nonsense", b"EBCDIC-CP-FR")


def damage_xml(content: bytes, seed: int) -> bytes:
    """An XML file with other texts, tags, attributes or prologue."""
    rng = random.Random(seed)
    pieces = list(_TAGS.finditer(content))
    data = bytearray(content)
    for _ in range(rng.randint(1, 5)):
        if not pieces:
            break
        found, kind = rng.choice(pieces), rng.randrange(8)
        start, end = found.span()
        if kind < 3:
            start, end = found.span(4)
            data[start:end] = rng.choice(_TEXTS)
        elif kind == 3:
            data[start:end] = b""
        elif kind == 4:
            data[start:start] = content[start:end]
        elif kind == 5:
            start, end = found.span(2)
            data[start:end] = rng.choice(
                [b"ligne", b"Sens", b"Montant", b"CompAuxNum", b"x:Debit", b"ECRITURE", b"Axe"]
            )
        elif kind == 6:
            start, end = found.span(3)
            data[start:end] = rng.choice([b' a="1"', b' xmlns="urn:x"', b' xmlns:x="urn:x"', b" /"])
        else:
            data[:0] = rng.choice([b"\xef\xbb\xbf", b" ", b"<!DOCTYPE c [<!ENTITY a 'b'>]>", b"<?x?>"])
    made = bytes(data)
    if rng.randrange(6) == 0:
        made = re.sub(rb'encoding="[^"]*"', b'encoding="' + rng.choice(_DECLARED) + b'"', made, count=1)
    return made


def damage_archive(content: bytes, seed: int) -> bytes:
    """A zip, or a workbook, whose members are damaged, repeated, renamed or left out, then packed again."""
    rng = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        members = before.namelist()
        chosen = rng.choice(members)
        for name in members:
            held = before.read(name)
            if name == chosen or rng.randrange(6) == 0:
                damage = damage_xml if held.lstrip().startswith(b"<") else damage_cells
                kind = rng.randrange(8)
                if kind < 5:
                    held = damage(held, seed)
                elif kind == 5:
                    held = mutate(held, seed)
                elif kind == 6:
                    continue
                else:
                    name = rng.choice(["../x.txt", "a/" + name, "copie.txt", "__MACOSX/" + name, name.upper()])
            if name not in after.namelist():
                after.writestr(zipfile.ZipInfo(name), held)
    return out.getvalue()
