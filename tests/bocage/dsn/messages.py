"""Small DSN messages made by hand, and a language to change them: what the tables of cases are written in.

A message is a tree; writing it out puts rubriques and blocks in the order of the norm and counts the lines, so that an
edit never breaks the structure by accident. Edits, separated by blanks (``~`` stands for a blank inside a value):

``40.010=31122025``   set a rubrique of the first block 40 (``40#2.010=…``: of the second one)
``40.010-``           remove it
``+60:001=01,002=…``  add a block under the first possible parent (``+60@2:…``: under the second one)
``-86`` ``-86#2`` ``-86*``   remove the first block 86, the second one, all of them
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bocage.findings import Finding
from bocage.formats.base import BytesSource
from bocage.formats.dsn.checking import check_file
from bocage.formats.dsn.controls.base import full_code
from bocage.referentials.dsn import BlockRule, load_norm


@dataclass
class Node:
    code: str
    values: dict[str, str]
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


class Message:
    """One envoi with one declaration."""

    def __init__(self, nature: str, spec: str, version: str = "P25V01") -> None:
        norm = load_norm(version)
        self.norm = norm
        rules: tuple[BlockRule, ...] = (*norm.envelope, *norm.trees[nature])
        self.parents = {rule.block: rule.parent for rule in rules}
        self.ranks = {rule.block: rank for rank, rule in enumerate(rules)}
        self.ranks["S90.G00.90"] = 1_000
        self.root = Node("S10.G00.00", {})
        last: dict[str, Node] = {self.root.code: self.root}
        for line in filter(str.strip, spec.splitlines()):
            block, *pairs = line.split()
            values = dict(pair.replace("~", " ").split("=", 1) for pair in pairs)
            code = full_code(block)
            if code == self.root.code:
                self.root.values = values
                continue
            node = last[code] = Node(code, values)
            last[self.parents[code] or ""].children.append(node)

    def nodes(self, code: str) -> list[Node]:
        return [node for node in self.ordered(self.root) if node.code == code]

    def ordered(self, node: Node) -> Iterator[Node]:
        yield node
        for child in sorted(node.children, key=lambda child: self.ranks[child.code]):
            yield from self.ordered(child)

    def edit(self, edits: str) -> "Message":
        for word in edits.split():
            self._edit(word)
        return self

    def _edit(self, word: str) -> None:
        if word.startswith("+"):
            head, _, rest = word[1:].partition(":")
            block, _, rank = head.partition("@")
            code = full_code(block)
            parent = self.nodes(self.parents[code] or "")[int(rank or 1) - 1]
            values = dict(pair.split("=", 1) for pair in rest.replace("~", " ").split(",") if pair)
            parent.children.append(Node(code, values))
        elif word.startswith("-"):
            block, _, rank = word[1:].rstrip("*").partition("#")
            targets = self.nodes(full_code(block))
            for target in targets if word.endswith("*") else [targets[int(rank or 1) - 1]]:
                self._remove(target)
        else:
            found = re.fullmatch(r"([\w.]+?)(?:#(\d+))?\.(\d{3})(?:=(.*)|-)", word)
            assert found is not None, word
            block, rank, number, value = found.groups()
            node = self.nodes(full_code(block))[int(rank or 1) - 1]
            if value is None:
                node.values.pop(number, None)
            else:
                node.values[number] = value.replace("~", " ")

    def _remove(self, target: Node) -> None:
        for node in self.root.walk():
            node.children = [child for child in node.children if child is not target]

    def lines(self) -> list[str]:
        found = []
        for node in self.ordered(self.root):
            rows = sorted(node.values.items(), key=lambda pair: self.norm.rubriques[f"{node.code}.{pair[0]}"].position)
            found += [f"{node.code}.{number},'{value}'" for number, value in rows]
        return found

    def text(self) -> str:
        """With S90 and its counters, unless the message holds them already."""
        lines = self.lines()
        if not any(line.startswith("S90") for line in lines):
            count = len(self.nodes("S20.G00.05"))
            lines += [f"S90.G00.90.001,'{len(lines) + 2}'", f"S90.G00.90.002,'{count}'"]
        return "\r\n".join(lines) + "\r\n"

    def findings(self) -> tuple[Finding, ...]:
        return findings_of(self.text())


def findings_of(text: str, encoding: str = "latin-1") -> tuple[Finding, ...]:
    return check_file(BytesSource("test.dsn", text.encode(encoding))).findings


def codes_of(findings: tuple[Finding, ...]) -> set[str]:
    """The codes above information."""
    return {finding.code for finding in findings if finding.norm_severity != "I"}


_ENVELOPE = """
S10.00 001=Test 002=Atelier 003=1 005=02 006=P25V01 007=01 008=01
S10.01 001=000056788 002=00011 003=CABINET 004=1~RUE 005=01000 006=BOURG
S10.02 001=02 002=TESTEUSE~Paie 004=paie@exemple.invalid 005=0100000000
"""
_COMPANY = """
06 001=000012344 002=00016 003=2562B 004=1~RUE 005=01000 006=BOURG
11 001=00024 002=2562B 003=1~RUE 004=01000 005=BOURG 022=3248
"""
_PERSON = """
30 001=1850101999001 002=PANTINEL 004=Lou 006=15011985 007=BOURG 008=3~RUE 009=01000 010=BOURG 013=01 014=01 015=FR
"""
_CONTRACT = (
    """
40 001=01022016 002=07 003=04 004=628b 006=Operateur 007=01 008=99 009=00001 011=10 012=151.67 013=151.67 014=10 """
    "016=99 017=3248 018=200 019=00001234400024 020=200 024=99 026=99 036=01 037=01 039=200 040=252HB 043=2.10"
    """
71 002=RUAA
"""
)
_PAY = """
50 001=31032025 002=1600.00 003=01 004=1552.00 006=3.00 007=13 009=48.00 013=1600.00
51 001=01032025 002=31032025 010=00001 011=001 013=2000.00
51 001=01032025 002=31032025 010=00001 011=002 013=2000.00
53 001=01 002=151.67 003=10
51 001=01032025 002=31032025 010=00001 011=003 013=2000.00
51 001=01032025 002=31032025 010=00001 011=010 013=2000.00
58 001=01032025 002=31032025 003=03 004=1600.00
78 001=02 002=01032025 003=31032025 004=2000.00 006=00001
81 001=076 002=78861779300013 003=2000.00 004=309.00
78 001=03 002=01032025 003=31032025 004=2000.00 006=00001
79 001=01 004=1801.84
81 001=045 002=78861779300013 003=2000.00 004=42.00
"""

MONTHLY = (
    _ENVELOPE
    + """
S20.05 001=01 002=01 003=11 004=3 005=01032025 007=03042025 008=01 010=01
S20.07 001=TESTEUR~Contact 002=0100000001 003=rh@exemple.invalid 004=08
"""
    + _COMPANY
    + """
15 001=REF1 002=P0942 004=01 005=1
20 001=78861779300013 005=500.00 006=01032025 007=31032025 010=02
20 001=P0942 005=100.00 006=01032025 007=31032025 010=02
55 001=100.00 003=REF1 004=2025M03
22 001=78861779300013 003=01032025 004=31032025 005=500.00
23 001=100 002=920 003=2.10 004=2000.00
"""
    + _PERSON
    + _CONTRACT
    + "70 012=1 013=1\n"
    + _PAY.strip()
    + """
78 001=31 002=01032025 003=31032025 004=0.00 005=1
79 001=11 004=2000.00
81 001=059 004=50.00
86 001=07 002=02 003=109 005=00001
"""
)
"""A clean monthly declaration: one person, one contract, cover and pay."""

STOP = (
    _ENVELOPE
    + """
S20.05 001=04 002=01 003=11 004=9 007=20032025
S20.07 001=TESTEUR~Contact 002=0100000001 003=rh@exemple.invalid 004=01
06 001=000012344 002=00016
11 001=00024
30 001=1850101999001 002=PANTINEL 004=Lou 006=15011985
40 001=01022016 009=00001
60 001=06 002=12032025 003=28032025 004=02 012=12032025
"""
)
RESUMPTION = (
    STOP.replace("001=04 002", "001=05 002")
    .replace("004=02 012=12032025", "010=20032025 011=01")
    .replace("007=20032025", "007=21032025")
    .replace("60 001=06", "60 001=01")
)

END = (
    _ENVELOPE
    + """
S20.05 001=07 002=01 003=11 004=203 007=02042025 010=01
S20.07 001=TESTEUR~Contact 002=0100000001 003=rh@exemple.invalid 004=02
"""
    + _COMPANY
    + _PERSON
    + _CONTRACT.replace(" 039=200 040=252HB 043=2.10", "")
    + """
62 001=31032025 002=059 003=01032025 006=31032025 008=02 020=01032025
63 001=01 002=01032025 003=31032025
50 001=31032025 020=01
51 001=01032025 002=31032025 010=00001 011=001 013=2000.00
51 001=01032025 002=31032025 010=00001 011=002 013=2000.00
53 001=01 002=151.67 003=10
51 001=01032025 002=31032025 010=00001 011=010 013=2000.00
78 001=03 002=01032025 003=31032025 004=2000.00
86 001=07 002=02 003=109 005=00001
"""
)

START = (
    _ENVELOPE
    + """
S20.05 001=08 002=01 003=11 004=1 007=03032025 011=01
S20.07 001=TESTEUR~Contact 002=0100000001 003=rh@exemple.invalid 004=08
06 001=000012344 002=00016
11 001=00024 002=2562B 004=01000 005=BOURG
"""
    + _PERSON
    + _CONTRACT.replace(" 039=200 040=252HB 043=2.10\n71 002=RUAA", "")
)

NATURES = {"01": MONTHLY, "04": STOP, "05": RESUMPTION, "07": END, "08": START}


def _paid(number: str, rank: int, second: int) -> str:
    """The pay of another contract, its hours under its type 002, and its seniority."""
    lines = [f"+51@{rank}:001=01032025,002=31032025,010={number},011={kind},013=2000.00" for kind in _VIEWS]
    return " ".join([*lines, f"+53@{second}:001=01,002=151.67,003=10 +86@{rank}:001=07,002=02,003=109,005={number}"])


_FROM = "20.006 20#2.006 22.003 51.001 51#2.001 51#3.001 51#4.001 58.001 78.002 78#2.002 78#3.002"
_UNTIL = "20.007 20#2.007 22.004 50.001 51.002 51#2.002 51#3.002 51#4.002 58.002 78.003 78#2.003 78#3.003"
_VIEWS = ("001", "002", "003", "010")
_SECOND = _CONTRACT.strip().splitlines()[0].split()[1:]
MACROS = {
    "$contract": "+40:" + ",".join(_SECOND).replace("009=00001", "009=00002"),
    "$second": "+40:" + ",".join(_SECOND).replace("009=00001", "009=00002") + " +71@2:002=RUAA " + _paid("00002", 1, 6),
    "$person": "+30:001=1860101999002,002=GABARITEL,004=Lou,006=15011986,007=BOURG,014=01,015=FR",
    "$neighbour": "+30:001=1860101999002,002=GABARITEL,004=Lou,006=15011986,007=BOURG,008=3~RUE,009=01000,010=BOURG,"
    "013=01,014=01,015=FR +40@2:"
    + ",".join(_SECOND)
    + " +71@2:002=RUAA +50@2:001=31032025,002=1600.00,003=01,004=1552.00,006=3.00,007=13,009=48.00,013=1600.00 "
    "+58@2:001=01032025,002=31032025,003=03,004=1600.00 +78@2:001=02,002=01032025,003=31032025,004=2000.00 "
    "+78@2:001=03,002=01032025,003=31032025,004=2000.00 " + _paid("00001", 2, 6),
    "$january": " ".join(
        f"{block}={day}012025" for day, blocks in (("01", _FROM), ("31", _UNTIL)) for block in blocks.split()
    )
    + " 55.004=2025M01",
    "$cdd": "40.007=02 40.010=31122025 40.021=02",
    "$user": "40.046=00001234400016 40.040=745BD +85:001=00001234400016,002=2562B,004=01000,005=BOURG,010=01,011=01053",
    "$mission": "40.007=03 40.010=31122025 40.021=02 40.019=00001234400016 40.046=00001234400016 40.040=745BD "
    "+85:001=00001234400016,002=2562B,004=01000,005=BOURG,010=01,011=01053",
    "$other": "+S89.91:001=1800101999003,002=MAQUETOT,004=Lou,006=01011980,007=BOURG,019=01,020=FR",
    "$dgfip": "+20:001=DGFIP,002=DGFIP_PAS,003=AGRIFRPP,004=FR7630006000011234567890189,005=1.00,006=01032025,"
    "007=31032025,010=05",
    "$place": "+85:001=00001234400016,002=2562B,004=01000,005=BOURG,010=01,011=01053",
    "$end": "+62:001=31032025,002=059",
    "$stop": "+60:001=01,002=10032025,003=20032025",
    "$fee": "+S89.32:001=Avocat,002=PATRONEL,003=Lou,017=2025 +S89.43:001=01,002=10.00",
    "$another": "+S89.91:001=1810101999004,002=MAQUETOT,004=Lou,006=01011981,007=BOURG,019=01,020=FR "
    "+S89.92@2:001=06,002=50,003=1.00,004=01032025,005=31032025,006=1.00,007=0.00,008=13,010=0.00,"
    "011=31032025,013=1.00,016=1.00,017=1.00",
    "$base92": "+S89.92:001=06,002=50,003=1.00,004=01032025,005=31032025,006=1.00,007=0.00,008=13,010=0.00,"
    "011=31032025,013=1.00,016=1.00,017=1.00",
}
"""Longer edits, by name."""


def message(nature: str, edits: str = "") -> Message:
    """The clean message of a nature, changed."""
    words = [MACROS.get(word, word) for word in edits.split()]
    return Message(nature, NATURES[nature]).edit(" ".join(words))
