"""What is generated, written as a DSN and read again is the same facts, column by column; mutants stop nothing."""

import random
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.facts.payroll import PAY_KINDS
from bocage.formats.base import BytesSource
from bocage.indicators.workforce import compute
from bocage.indicators.workforce.assembling import SeveralCompanies
from bocage.ingest.dsn import write_facts
from bocage.ingest.dsn.pseudonyms import Pseudonyms
from tests.bocage.dsn.samples import CONFORMANT, DATA
from tests.bocage.workforce.payslips import KEY, SIREN, YEAR

FEW = settings(max_examples=max(5, settings.default.max_examples // 20), deadline=None)
"""Each example writes Parquet files: a few in the tests, some hundreds for ``make fuzz``."""
MONTH, LAST = date(2025, 3, 1), date(2025, 3, 31)
SEEDS = [path.read_bytes() for path in (*CONFORMANT[-6:], *sorted(DATA.glob("signalements/*")))]

days = st.dates(date(2001, 1, 1), date(2025, 12, 31))
amounts = st.integers(-(10**7), 10**8)
quantities = st.integers(0, 99_999)


def codes(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split())


def maybe[T](strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def written(value: Any) -> str | None:
    """A value as a DSN writes it: dates JJMMAAAA, integers as hundredths."""
    if isinstance(value, date):
        return f"{value:%d%m%Y}"
    if isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return None if value is None else str(value)


CONTRACT = {
    "001": days, "002": codes("03 04 05 06 07"), "004": codes("628b 543a"), "007": codes("01 02 29"),
    "008": codes("99 64 61"), "010": maybe(days), "011": codes("10 12 20"), "012": quantities, "013": quantities,
    "014": codes("10 20 40"), "017": codes("3248 9999"), "021": maybe(codes("01 02")), "024": codes("99 01"),
    "041": maybe(codes("II B-2")), "072": maybe(codes("01 12")), "074": maybe(codes("01 02")),
}  # fmt: skip
STOP = {
    "001": codes("01 02 06 99"), "002": days, "003": maybe(days), "010": maybe(days), "011": maybe(codes("01 02")),
}  # fmt: skip
SUSPENSION = {"001": codes("200 501 998 112 618"), "002": days, "003": maybe(days)}
END = {"001": days, "002": codes("059 011 099")}
CHANGE = {"001": days, "007": maybe(quantities), "008": maybe(codes("10 20")), "012": maybe(st.just("00001234400024"))}
PAY = {
    "001": st.just(MONTH), "002": st.just(LAST), "011": codes("001 002 003 010 018"), "012": maybe(quantities),
    "013": amounts,
}  # fmt: skip
HOURS = {"001": codes("01 02"), "002": st.integers(1, 99_999), "003": maybe(codes("10 12 40"))}
PREMIUM = {"001": codes("026 001"), "002": amounts.filter(bool)}
EXPOSURE = {"001": codes("05 99"), "003": maybe(codes("2024 2025"))}


def some(block: dict[str, st.SearchStrategy[Any]], most: int = 2) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(block), max_size=most)


contracts = st.fixed_dictionaries(
    {"values": st.fixed_dictionaries(CONTRACT), "41": some(CHANGE), "60": some(STOP), "62": some(END, 1),
     "65": some(SUSPENSION), "51": st.lists(st.tuples(st.fixed_dictionaries(PAY), some(HOURS)), max_size=3),
     "52": some(PREMIUM), "34": some(EXPOSURE, 1), "86": maybe(st.tuples(codes("01 02 03"), st.integers(0, 400)))}
)  # fmt: skip
persons = st.fixed_dictionaries(
    {"nir": st.booleans(), "ntt": st.booleans(), "woman": st.booleans(),
     "birth": st.dates(date(1950, 1, 1), date(2007, 12, 31)),
     "matricule": maybe(codes("M1 M2")), "contracts": st.lists(contracts, min_size=1, max_size=2)}
)  # fmt: skip


TABLES = "contracts changes links aliases pay hours extras absences suspensions ends hardship"


class Written:
    """The lines of a declaration and the rows that its facts must hold, built side by side."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES.split()}
        self.secret = Pseudonyms(KEY)
        header = {"001": "01", "002": "01", "003": "11", "004": "1", "005": MONTH, "007": LAST}
        self.line("S10.G00.00.006", "P25V01")
        for number, value in header.items():
            self.line(f"S20.G00.05.{number}", value)
        self.line("S21.G00.06.001", SIREN)
        self.line("S21.G00.11.001", "00016")

    def line(self, code: str, value: Any) -> None:
        text = written(value)
        if text is not None:
            self.lines.append(f"{code},'{text}'\r\n")

    def block(self, block: str, values: dict[str, Any]) -> int:
        """Write a block; the number of its first line."""
        first = len(self.lines) + 1
        for number in sorted(values):
            self.line(f"S21.G00.{block}.{number}", values[number])
        return first

    def person(self, rank: int, person: dict[str, Any]) -> None:
        digit = "2" if person["woman"] else "1"
        birth = person["birth"]
        nir = f"{digit}{birth:%y%m}01999{rank:03d}" if person["nir"] else None
        ntt = f"{digit}{SIREN}A{rank}" if person["ntt"] or not nir else None
        root = self.block("30", {"001": nir, "002": "TESTAROL", "006": birth, "019": person["matricule"], "020": ntt})
        name = self.secret.person("nir", nir) if nir else self.secret.person("ntt", ntt or "")
        if nir and ntt:
            self.rows["aliases"].append((1, name, self.secret.person("ntt", ntt), "ntt"))
        own = [(f"{position:05d}", contract) for position, contract in enumerate(person["contracts"], 1)]
        # Cover of hardship stands before the contracts.
        for number, contract in own:
            for exposure in contract["34"]:
                self.block("34", exposure | {"002": number})
        ranks = {}
        for number, contract in own:
            ranks[number] = self.contract(number, contract, person, name, root, "nir" if nir else "ntt")
        self.block("50", {"001": LAST, "002": 100})
        for number, contract in own:
            self.pay(number, contract, ranks[number])
        for number, contract in own:
            if contract["86"]:
                unit, value = contract["86"]
                self.block("86", {"001": "07", "002": unit, "003": str(value), "005": number})
            for exposure in contract["34"]:
                year = exposure["003"]
                self.rows["hardship"].append((ranks[number], exposure["001"], int(year) if year else None))

    def contract(
        self, number: str, contract: dict[str, Any], person: dict[str, Any], name: str, root: int, identity: str
    ) -> int:
        values, birth = contract["values"], person["birth"]
        line = self.block("40", values | {"009": number})
        rank = len(self.rows["contracts"]) + 1
        get = values.get
        text = f"{birth:%d%m%Y}"
        match = self.secret.match(person["matricule"], text, str(get("001"))) if person["matricule"] else None
        age = 2025 - birth.year - ((birth.month, birth.day) > (3, 31))
        unit, seniority = contract["86"] or (None, None)
        self.rows["contracts"].append(
            (rank, 1, name, identity, match, "F" if person["woman"] else "M", birth.year, age, get("001"),
             self.secret.number(number), get("010"), get("007"), get("008"), get("002"), get("004"),
             self.secret.position(get("041")) if get("041") else None, get("021"), get("011"), get("012"), get("013"),
             get("014"), get("017"), get("024"), get("074"), get("072") is not None, seniority, unit,
             self.secret.birth(text), False, root, line)
        )  # fmt: skip
        for change in contract["41"]:
            self.block("41", change)
            if change["012"]:
                self.rows["links"].append((rank, change["001"], change["012"], None, None))
            for rubrique, field in (("007", "quota"), ("008", "modality")):
                if change[rubrique] is not None:
                    self.rows["changes"].append((rank, change["001"], None, field, written(change[rubrique])))
        for stop in contract["60"]:
            at = self.block("60", stop)
            self.rows["absences"].append(
                (rank, stop["001"], stop["002"], stop["003"], stop["010"], stop["011"], None, at)
            )
        for end in contract["62"]:
            self.block("62", end)
            self.rows["ends"].append((rank, end["001"], end["002"]))
        for suspension in contract["65"]:
            self.block("65", suspension)
            shown = None if suspension["001"] in ("112", "618") else suspension["001"]
            self.rows["suspensions"].append((rank, shown, suspension["002"], suspension["003"]))
        return rank

    def pay(self, number: str, contract: dict[str, Any], rank: int) -> None:
        for values, hours in contract["51"]:
            self.block("51", values | {"010": number})
            kind = values["011"]
            if kind in PAY_KINDS:
                self.rows["pay"].append((rank, kind, MONTH, LAST, MONTH, values["012"], values["013"]))
            for activity in hours:
                self.block("53", activity)
                if kind == "002":
                    unit = activity["003"] or contract["values"]["011"]
                    self.rows["hours"].append((rank, activity["001"], unit, MONTH, activity["002"]))
        for premium in contract["52"]:
            self.block("52", premium | {"006": number})
            self.rows["extras"].append((rank, "52", premium["001"], MONTH, premium["002"]))


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a table, amounts and quantities in hundredths."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet($1)", [str(path)]).fetchall()
    return [tuple(int(cell * 100) if cell.__class__.__name__ == "Decimal" else cell for cell in row) for row in found]


@FEW
@given(st.lists(persons, max_size=3))
def test_what_is_written_as_a_dsn_comes_back_as_the_same_facts(people: list[dict[str, Any]]) -> None:
    expected = Written()
    for rank, person in enumerate(people, 1):
        expected.person(rank, person)
    content = "".join(expected.lines).encode("latin-1")
    with tempfile.TemporaryDirectory() as folder:
        done = write_facts([BytesSource("x.dsn", content)], Path(folder), pseudonym_key=KEY)
        for table, rows in expected.rows.items():
            assert sorted(rows_of(done.tables[table]), key=repr) == sorted(rows, key=repr), table
        [header] = rows_of(done.tables["declarations"])
    assert header[-4:-2] == (len(people), len(expected.rows["contracts"]))
    assert done.unattached == 0


def mutant(content: bytes, generator: random.Random) -> bytes:
    """A DSN whose lines and blocks were moved, repeated, dropped, mixed with another's, spoilt or cut."""
    lines = content.splitlines(keepends=True)
    for _ in range(generator.choice((1, 2, 3, 8))):
        at = generator.randrange(len(lines))
        some = lines[at : at + generator.randint(1, 30)]
        match generator.randrange(8):
            case 0:
                del lines[at : at + len(some)]
            case 1:
                lines[at:at] = some
            case 2:
                del lines[at : at + len(some)]
                place = generator.randrange(len(lines) + 1)
                lines[place:place] = some
            case 3:
                lines = [*lines[:at], lines[at][: generator.randrange(len(lines[at]) + 1)]]
            case 4:
                lines[at] = (
                    lines[at][:15] + generator.choice((b"''", b"'99999999'", b"'-0.00'", b"'\x92'", b"9")) + b"\n"
                )
            case 5:
                other = generator.choice(SEEDS).splitlines(keepends=True)
                lines[at:at] = other[generator.randrange(len(other)) :][:60]
            case 6:
                lines[at] = lines[at][:14] + generator.choice(lines)[14:]
            case _:
                lines[at] = lines[at].replace(b"\r\n", generator.choice((b"\r", b"", b"\x00", b"\n\n")))
        lines = lines or [b"\r\n"]
    return b"".join(lines)


@FEW
@given(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3), st.integers(0, 2**32))
def test_mutants_are_read_and_counted_or_refused(seeds: list[bytes], number: int) -> None:
    generator = random.Random(number)
    sources = [BytesSource(f"{rank}.dsn", mutant(seed, generator)) for rank, seed in enumerate(seeds)]
    with tempfile.TemporaryDirectory() as folder:
        done = write_facts(sources, Path(folder), pseudonym_key=KEY)
        with suppress(SeveralCompanies):
            assert compute([done.tables], YEAR)
