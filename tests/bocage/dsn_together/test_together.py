"""Controls between declarations, by hand-made months."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.findings import Severity
from bocage.formats.base import BytesSource, FileSource, Source
from bocage.formats.dsn import Reader
from bocage.formats.dsn.together import Together, TogetherView
from bocage.ingest.dsn import together_of, write_facts
from bocage.wording import finding_sentence
from tests.bocage.dsn_together.troubled import CASES, OTHER, troubled_year
from tests.bocage.workforce.payslips import ANNEX, KEY, SIREN, Contract, Person, day, declaration

DATA = Path(__file__).parents[2] / "data" / "dsn"


def _view(*files: bytes) -> TogetherView:
    return _view_of([BytesSource(f"{rank}.dsn", content) for rank, content in enumerate(files)])


def _view_of(sources: "list[BytesSource] | list[FileSource]") -> TogetherView:
    together = Together()
    source: Source
    for source in sources:
        for event in Reader(source).events():
            together.feed(source.name, event)
    return together.view()


def _codes(*files: bytes) -> list[str]:
    return [found.finding.code for found in _view(*files).findings]


def _months(*contracts: Contract | None, first: int = 1) -> Iterator[bytes]:
    """One month a contract, for one person beside someone who stays."""
    for month, contract in enumerate(contracts, first):
        persons = [OTHER, *([Person(contracts=[contract])] if contract else [])]
        yield declaration(f"2025-{month:02d}", persons)


def test_the_synthetic_year_holds_together() -> None:
    view = _view_of([FileSource(path) for path in sorted(DATA.glob("annee/*.dsn"))])
    (employer,) = view.employers
    assert (employer.siren, employer.months_missing, view.superseded) == ("000012344", (), ())
    assert employer.sirets == ("00001234400016", "00001234400024")
    assert len(employer.months_present) == 12
    # The person known by a provisional number only.
    assert [(found.finding.code, found.finding.count) for found in view.findings] == [("INT-IDENT", 1)]


def test_a_replacement_supersedes_and_is_no_anomaly() -> None:
    names = ("annee/mensuelle_2025-07_P25_etab1.dsn", "variantes/mensuelle_2025-07_P25_etab1_annule_remplace.dsn")
    view = _view_of([FileSource(DATA / name) for name in names])
    (old,) = view.superseded
    assert (old.file, old.siret, old.month, old.by) == (
        "mensuelle_2025-07_P25_etab1.dsn",
        "00001234400016",
        "2025-07",
        "mensuelle_2025-07_P25_etab1_annule_remplace.dsn",
    )
    assert view.findings == ()


def test_missing_months() -> None:
    view = _view(*(declaration(month, [OTHER]) for month in ("2025-01", "2025-02", "2025-05")))
    assert view.employers[0].months_missing == ("2025-03", "2025-04")
    (found,) = view.findings
    assert (found.finding.code, found.finding.count, found.finding.severity) == ("INT-MOIS", 2, Severity.WARNING)
    assert "03/2025, 04/2025" in finding_sentence("dsn_together", found.finding).message


def test_an_establishment_that_misses_a_month() -> None:
    files = list(_months(None, None, None))
    files += [declaration("2025-01", [Person()], nic=ANNEX), declaration("2025-03", [Person()], nic=ANNEX)]
    assert [found.finding.params["siret"][9:] for found in _view(*files).findings] == [ANNEX]


def test_an_establishment_that_opens_or_closes_misses_nothing() -> None:
    files = list(_months(None, None, None, None))
    starting = Person(contracts=[Contract(start="2025-02-03")])
    ending = Person(contracts=[Contract(start="2025-02-03").ended("2025-03-31")])
    files += [declaration("2025-02", [starting], nic=ANNEX), declaration("2025-03", [ending], nic=ANNEX)]
    assert _codes(*files) == []


@pytest.mark.parametrize(
    ("second", "codes", "severity"),
    [
        ({"ordre": 2, "built": "2025-02-02"}, ["INT-DOUBLE"], Severity.ERROR),
        ({"kind": "03", "built": "2025-01-02"}, ["INT-DOUBLE"], Severity.ERROR),
        ({}, ["INT-DOUBLE"], Severity.INFO),
        ({"kind": "03", "built": "2025-02-02"}, [], None),
    ],
    ids=["two normal ones", "replacement too old", "given twice", "replacement"],
)
def test_two_declarations_for_one_month(second: dict[str, str], codes: list[str], severity: Severity | None) -> None:
    view = _view(declaration("2025-01", [OTHER]), declaration("2025-01", [OTHER], **second))  # type: ignore[arg-type]
    assert [found.finding.code for found in view.findings] == codes
    assert {found.finding.severity for found in view.findings} == ({severity} if severity else set())
    assert len(view.superseded) == 1
    assert all(set(found.files) == {"0.dsn", "1.dsn"} for found in view.findings)


def test_a_fraction_that_is_not_there() -> None:
    files = [declaration("2025-01", [OTHER], fraction="13"), declaration("2025-01", [Person()], fraction="33")]
    (found,) = _view(*files).findings
    assert (found.finding.code, found.finding.count, found.files) == ("INT-FRAC", 1, ("0.dsn", "1.dsn"))
    assert _codes(*files, declaration("2025-01", [], fraction="23")) == []


def test_a_contract_gone_without_a_word() -> None:
    (found,) = _view(*_months(Contract(), None)).findings
    assert (found.finding.code, found.finding.count) == ("INT-CONTRAT", 1)
    assert found.files == ("1.dsn", "0.dsn")


@pytest.mark.parametrize(
    "last",
    [
        Contract().ended("2025-01-20"),
        Contract(events=[("65", {"001": "632", "002": day("2025-01-10"), "003": day("2025-12-31")})]),
        Contract(events=[("65", {"001": "501", "002": day("2025-01-10")})]),
        Contract(values={"007": "29"}),
    ],
    ids=["ended", "suspended", "suspended without end", "no employee"],
)
def test_a_contract_gone_with_a_reason(last: Contract) -> None:
    assert _codes(*_months(last, None)) == []


def test_an_end_that_was_undone_is_none() -> None:
    assert _codes(*_months(Contract().ended("2025-01-20"), Contract().ended("2025-01-20", "099"), None)) == [
        "INT-CONTRAT"
    ]


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        (Contract(start="2020-02-01"), ["INT-IDENT"]),
        (Contract(number="00002"), ["INT-IDENT"]),
        (Contract(start="2020-02-01").changed("2025-02-01", r021=day("2020-01-01")), []),
        (Contract(number="00002").changed("2025-02-01", r014="00001"), []),
        (Contract(start="2025-02-03", number="00002"), ["INT-CONTRAT"]),
    ],
    ids=["start", "number", "start declared", "number declared", "another contract"],
)
def test_a_contract_renamed(second: Contract, codes: list[str]) -> None:
    assert _codes(*_months(Contract(), second)) == codes


@pytest.mark.parametrize("declared", [True, False])
def test_a_move_to_another_establishment(declared: bool) -> None:
    moved = Contract().changed("2025-02-01", r012="00001234400016") if declared else Contract()
    files = [*_months(Contract(), None), declaration("2025-02", [Person(contracts=[moved])], nic=ANNEX)]
    annex = declaration("2025-01", [], nic=ANNEX, kind="02")
    assert _codes(*files, annex) == ([] if declared else ["INT-CONTRAT"])


@pytest.mark.parametrize(("declared", "codes"), [(True, []), (False, ["INT-QUOT"])])
def test_a_quota_that_changes(declared: bool, codes: list[str]) -> None:
    second = Contract(quota="121.34")
    if declared:
        second.changed("2025-02-01", r007="151.67")
    assert _codes(*_months(Contract(), second)) == codes


@pytest.mark.parametrize(
    "second",
    [Person(birth="15031968"), Person("2680301999001", ntt=None)],
    ids=["birth", "another person"],
)
def test_a_birth_date_that_changes(second: Person) -> None:
    same = second.nir == Person().nir
    assert _codes(declaration("2025-01", [Person()]), declaration("2025-02", [second])) == (
        ["INT-IDENT"] if same else ["INT-CONTRAT"]
    )


def test_a_birth_date_corrected_by_its_block_is_no_anomaly() -> None:
    right = Person(birth="15031968", changes=[{"001": day("2025-02-01"), "011": "14031968"}])
    assert _codes(declaration("2025-01", [Person()]), declaration("2025-02", [right])) == []


def test_a_sex_that_changes() -> None:
    files = [declaration("2025-01", [Person()]), declaration("2025-02", [Person()])]
    files[1] = files[1].replace(b"S21.G00.30.006", b"S21.G00.30.005,'02'\r\nS21.G00.30.006")
    assert _codes(*files) == ["INT-IDENT"]


def test_a_number_that_comes_later_links_the_months() -> None:
    ntt = "1000012344M00021"
    months = [Person(nir=None, ntt=ntt), Person(ntt=ntt), Person()]
    assert _codes(*(declaration(f"2025-{rank:02d}", [who]) for rank, who in enumerate(months, 1))) == []


def test_a_stop_never_closed() -> None:
    stop = Contract().stopped("2025-01-06", "2025-01-20")
    closed = Contract().stopped("2025-01-06", "2025-01-20", resumed="2025-01-21")
    assert _codes(*_months(stop, Contract())) == ["INT-ARRET"]
    assert _codes(*_months(closed, Contract())) == []
    assert _codes(*_months(stop, closed)) == []
    assert _codes(*_months(stop)) == []


def test_a_stop_signalled_and_forgotten() -> None:
    stop = Person(contracts=[Contract().stopped("2025-01-06", "2025-01-20")])
    signal = declaration("2025-01", [stop], nature="04", built="2025-01-08")
    assert _codes(*_months(Contract()), signal) == ["INT-ARRET"]
    assert _codes(*_months(Contract().stopped("2025-01-06", "2025-01-20")), signal) == []
    assert _codes(signal) == []


def test_pay_after_the_end() -> None:
    ended = Contract().ended("2025-01-20")
    late = Contract(pays=[("2025-01-01", "2025-01-20", "001", "50.00", None)])
    assert _codes(*_months(ended, Contract())) == ["INT-FIN"]
    assert _codes(*_months(ended, late)) == []


def test_an_end_without_its_signal_is_said_once_signals_are_given() -> None:
    ended = Contract().ended("2025-01-20")
    own = declaration("2025-01", [Person(contracts=[Contract().ended("2025-01-20")])], nature="07", built="2025-01-21")
    other = declaration("2025-01", [OTHER], nature="07", built="2025-01-21")
    assert _codes(*_months(ended)) == []
    assert _codes(*_months(ended), own) == []
    assert _codes(*_months(ended), other) == ["INT-FIN"]


def test_a_jump_of_headcount_pay_and_hours() -> None:
    def team(count: int) -> list[Person]:
        return [Person(f"18003019991{rank:02d}", birth="14031980") for rank in range(count)]

    files = [declaration(f"2025-{month:02d}", team(10)) for month in (1, 2, 3)]
    hired = [*team(10), *(Person(f"28003019991{rank:02d}", [Contract("2025-04-01")]) for rank in range(5))]
    found = _view(*files, declaration("2025-04", hired)).findings
    assert [(one.finding.code, one.finding.severity) for one in found] == [("INT-SAUT", Severity.INFO)] * 3
    assert "+50" in finding_sentence("dsn_together", found[0].finding).message
    assert _codes(*files, declaration("2025-04", hired[:12])) == []


def test_findings_name_nobody() -> None:
    view = _view(*_months(Contract(number="M00001"), None))
    shown = repr(view) + "".join(finding_sentence("dsn_together", found.finding).message for found in view.findings)
    for value in ("1680301999001", "TESTAROL", "14031968", "M00001"):
        assert value not in shown


TROUBLED = troubled_year()


def test_a_troubled_year_shows_every_trouble() -> None:
    view = _view_of([BytesSource(name, content) for name, content in TROUBLED])
    said = [(one.finding.code, finding_sentence("dsn_together", one.finding).message) for one in view.findings]
    assert {case for case in CASES if not any(case[0] == code and case[1] in text for code, text in said)} == set()


@given(st.permutations(TROUBLED))
@settings(max_examples=25)
def test_the_order_of_the_files_changes_nothing(shuffled: list[tuple[str, bytes]]) -> None:
    expected = _view_of([BytesSource(name, content) for name, content in TROUBLED])
    assert {found.finding.code for found in expected.findings} >= {"INT-MOIS", "INT-DOUBLE", "INT-FRAC", "INT-IDENT"}
    assert _view_of([BytesSource(name, content) for name, content in shuffled]) == expected


def _by_facts(folder: Path, sources: "list[BytesSource] | list[FileSource]") -> TogetherView:
    """The same view, from the facts of one import a file."""
    tables = {
        source.name: write_facts([source], folder / str(rank), pseudonym_key=KEY).tables
        for rank, source in enumerate(sources)
    }
    return together_of(tables, siren=SIREN)


def test_facts_say_of_the_months_what_the_files_said(tmp_path: Path) -> None:
    troubled = [BytesSource(name, content) for name, content in TROUBLED]
    assert _by_facts(tmp_path / "troubled", troubled) == _view_of(troubled)
    year = [
        FileSource(path)
        for folder in ("annee", "variantes", "voisins")
        for path in sorted((DATA / folder).glob("*.dsn"))
    ]
    found = _by_facts(tmp_path / "year", year)
    assert found == _view_of(year)
    assert {"INT-DOUBLE", "INT-IDENT"} <= {one.finding.code for one in found.findings}


def test_facts_follow_a_person_under_two_numbers_and_one_without_any(tmp_path: Path) -> None:
    ntt, nameless = "1000012344M00021", Person(nir=None, birth="06061970")
    months = [Person(nir=None, ntt=ntt), Person(ntt=ntt), Person()]
    files = [
        BytesSource(f"{rank}.dsn", declaration(f"2025-{rank:02d}", [who, nameless]))
        for rank, who in enumerate(months, 1)
    ]
    assert _by_facts(tmp_path / "same", files).findings == ()
    moved = Person(birth="15031968", changes=[{"001": day("2025-04-01"), "011": "14031968"}])
    files.append(BytesSource("4.dsn", declaration("2025-04", [moved, nameless])))
    assert _by_facts(tmp_path / "corrected", files).findings == ()


def test_facts_leave_another_company_out(tmp_path: Path) -> None:
    files = [
        BytesSource("a.dsn", declaration("2025-01", [OTHER])),
        BytesSource("b.dsn", declaration("2025-03", [OTHER], siren="000056788")),
    ]
    (employer,) = _by_facts(tmp_path, files).employers
    assert (employer.siren, employer.months_present) == (SIREN, ("2025-01",))
