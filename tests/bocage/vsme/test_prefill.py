"""The VSME table, from the sample files through the command, and rule by rule from small evidence."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bocage.cli.main import main
from bocage.identifiers import Naf
from bocage.indicators.carbon import Quantity, checked_quantity
from bocage.indicators.result import Part, Result
from bocage.indicators.result import Status as ResultStatus
from bocage.referentials.vsme import datapoints
from bocage.vsme import Answer, BadAnswer, CarbonTotals, Evidence, Status, counts_of, prefill, read_value, written
from bocage.vsme.rules import _RULES
from bocage.wording import sentence

DATA = Path(__file__).parents[2] / "data"
FEC = DATA / "fec" / "genere" / "000012344FEC20251231.txt"
DSN = sorted((DATA / "dsn" / "annee").glob("*.dsn"))
RECORD = DATA / "sirene" / "recherche" / "search_siret.json"
QUANTITIES = [
    {"category": "electricity", "quantity": 40000, "unit": "kWh", "factor": "ademe:43642", "activity": "billed"},
    {"category": "fuel_fixed", "quantity": 60000, "unit": "kWh PCS", "factor": "ademe:37133", "activity": "billed"},
    {"category": "fuel_mobile", "quantity": 1000, "unit": "L", "factor": "ademe:25775", "activity": "billed"},
    {"category": "water", "quantity": 320, "unit": "m3", "factor": "ademe:24283", "activity": "billed"},
]
SCOPE_1 = "GrossScope1GreenhouseGasEmissions"
SCOPE_2 = "GrossLocationBasedScope2GreenhouseGasEmissions"
GAP = "PercentageGapInPayBetweenFemaleAndMaleEmployees"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["vsme", *arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def by_concept(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["concept"]: row for row in document["datapoints"]}


@pytest.fixture(scope="module")
def quantities_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("vsme") / "quantities.json"
    file.write_text(json.dumps(QUANTITIES), encoding="utf-8")
    return str(file)


def test_books_payroll_and_registry_value_29_points(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, str(FEC), *map(str, DSN), "--registry", str(RECORD))
    assert document["counts"]["basic"] == {
        "valued": 29, "not_applicable": 25, "to_ask": 43, "omitted": 0, "to_confirm": 15,
    }  # fmt: skip
    assert {module: sum(list(one.values())[:4]) for module, one in document["counts"].items()} == {
        "basic": 97,
        "comprehensive": 39,
        "both": 7,
    }
    rows = by_concept(document)
    social = json.loads((DATA / "dsn" / "expected.json").read_text("utf-8"))["valeurs"]
    assert rows["NumberOfEmployees"]["value"] == social["presents_3112"]["total"] == 17
    assert (
        rows["NumberOfPermanentContractEmployees"]["value"] + rows["NumberOfTemporaryContractEmployees"]["value"] == 17
    )
    assert rows["NumberOfFemaleEmployees"]["value"] + rows["NumberOfMaleEmployees"]["value"] == 17
    assert rows["UndertakingsLegalForm"]["value"] == "PrivateLimitedLiabilityUndertakingMember"
    assert rows["GPSLocationOfSite"]["value"][0] == {"key": "00001000900017", "value": "43.6045, 1.444"}
    assert rows["EmployeeTurnoverRate"]["reason"] == "under_50"
    # Without a quantity, the euros of energy give no figure.
    for concept in (
        "TotalEnergyConsumption",
        "GrossScope1GreenhouseGasEmissions",
        "GrossLocationBasedScope2GreenhouseGasEmissions",
    ):
        assert (rows[concept]["status"], rows[concept]["value"]) == ("to_ask", None)


def test_quantities_value_ten_more_by_hand(capsys: pytest.CaptureFixture[str], quantities_file: str) -> None:
    files = (str(FEC), *map(str, reversed(DSN)))
    document = told(capsys, *files, "--registry", str(RECORD), "--quantities", quantities_file)
    assert document["counts"]["basic"]["valued"] == 39
    rows = by_concept(document)
    assert rows["EnergyConsumptionFromElectricity"]["value"] == 40
    assert rows["EnergyConsumptionFromFuels"]["value"] == pytest.approx(54 + 0.84 * 43 * 277.778 / 1000)
    assert rows["TotalEnergyConsumption"]["value"] == pytest.approx(104.03334136)
    scope_1, scope_2 = (
        rows["GrossScope1GreenhouseGasEmissions"]["value"],
        rows["GrossLocationBasedScope2GreenhouseGasEmissions"]["value"],
    )
    assert scope_2 == pytest.approx(40_000 * 0.035 / 1000)
    total = rows["TotalGrossLocationBasedScope1AndScope2GHGEmissions"]["value"]
    assert total == pytest.approx(scope_1 + scope_2)
    intensity = rows["Scope1AndScope2GreenhouseGasEmissionsIntensityValueLocationBased"]["value"]
    assert intensity == pytest.approx(total / float(rows["Turnover"]["value"]), rel=1e-6)
    assert rows["TotalAmountOfWaterWithdrawnFromAllSites"]["value"] == 320


def test_people_read_three_counts_a_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vsme", "--registry", str(RECORD)]) == 0
    said = capsys.readouterr().out
    assert "Module de base (97 points)\u00a0: 10 renseignés (dont 8 à confirmer), 22 sans objet, 65 à demander" in said
    assert "Entreprise privée à responsabilité limitée" in said


def test_nothing_known_gives_no_value_but_the_default_choices(capsys: pytest.CaptureFixture[str]) -> None:
    rows = by_concept(told(capsys))
    valued = {concept for concept, row in rows.items() if row["value"] is not None}
    assert valued == {"BasisForPreparation", "BasisForReporting"}


def test_a_file_that_is_no_registry_record_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"results": []}', encoding="utf-8")
    assert main(["vsme", "--registry", str(file)]) == 2
    assert "registre" in capsys.readouterr().err


# Rules, from small evidence ------------------------------------------------------------------------------------------


def result(code: str, value: Any, status: ResultStatus = ResultStatus.COMPUTED, **more: Any) -> Result:
    return Result(code, value, "", status, "", (), **{"reason": None if value is not None else "x", **more})


def staff(count: int) -> Evidence:
    return Evidence(results={"headcount_year_end": result("headcount_year_end", count)})


def quantity(category: str, amount: str, unit: str, factor: str) -> Quantity:
    return checked_quantity(category, Decimal(amount), unit, factor, "billed")


@pytest.mark.parametrize(("count", "status"), [(49, Status.NOT_APPLICABLE), (50, Status.TO_ASK)])
def test_the_turnover_rate_is_for_fifty_employees(count: int, status: Status) -> None:
    assert prefill(staff(count)).get("EmployeeTurnoverRate").status is status


@pytest.mark.parametrize(
    ("count", "status"), [(149, Status.OMITTED), (150, Status.TO_ASK)], ids=["may be omitted", "must be asked"]
)
def test_a_gap_hidden_for_a_small_group_is_withheld(count: int, status: Status) -> None:
    hidden = result("pay_gap_mean", None, ResultStatus.HIDDEN, reason="small_group")
    known = replace(staff(count), results={**staff(count).results, "pay_gap_mean": hidden})
    row = prefill(known).get(GAP)
    assert (row.status, row.value) == (status, None)


def test_a_share_is_a_fraction_with_its_sign() -> None:
    row = prefill(Evidence(results={"pay_gap_mean": result("pay_gap_mean", Decimal("-5.30"))})).get(GAP)
    assert row.value == Decimal("-0.0530")
    assert written(row) == "−5,30\u00a0%"


def test_an_activity_is_written_as_its_class() -> None:
    assert written(prefill(Evidence(naf=Naf.parse("10.71C"))).get("NaceSectorClassificationCodes")) == "C 10.71"


def test_bills_without_a_quantity_leave_the_energy_to_confirm() -> None:
    totals = CarbonTotals({"1": Decimal(0), "2": Decimal(1400), "3": Decimal(9)}, {"fuel_mobile": (12, 40)}, None, "M")
    known = Evidence(carbon=totals, quantities=[quantity("electricity", "40", "MWh", "ademe:43642")])
    rows = prefill(known)
    assert rows.get("EnergyConsumptionFromElectricity").status is Status.PREFILLED
    total = rows.get("TotalEnergyConsumption")
    assert (total.status, total.reason) == (Status.TO_CONFIRM, "quantities_missing")
    assert "line:12" in total.sources
    # No fuel was given: scope 1 is unknown, not zero, and so is what stands on it.
    assert rows.get("GrossScope1GreenhouseGasEmissions").status is Status.TO_ASK
    assert rows.get("TotalGrossLocationBasedScope1AndScope2GHGEmissions").status is Status.TO_ASK


def test_an_answer_feeds_the_totals_that_stand_on_it() -> None:
    totals = CarbonTotals({"1": Decimal(0), "2": Decimal(1400), "3": Decimal(9)}, {}, None, "M")
    known = Evidence(
        carbon=totals,
        quantities=[quantity("electricity", "40", "MWh", "ademe:43642")],
        answers={"GrossScope1GreenhouseGasEmissions": Answer(Status.ANSWERED, Decimal("2.6"))},
    )
    rows = prefill(known)
    assert rows.get("TotalGrossLocationBasedScope1AndScope2GHGEmissions").value == Decimal("4.0")
    # An answer taken back as not applicable is no zero.
    known = replace(known, answers={"GrossScope1GreenhouseGasEmissions": Answer(Status.NOT_APPLICABLE, None, "no")})
    assert prefill(known).get("TotalGrossLocationBasedScope1AndScope2GHGEmissions").status is Status.TO_ASK


def test_a_quantity_that_cannot_be_converted_is_said() -> None:
    wood = [quantity("fuel_fixed", "10", "MWh PCI", "ademe:34942"), quantity("fuel_mobile", "5", "L", "ademe:25766")]
    totals = CarbonTotals({}, {}, None, "M")
    row = prefill(Evidence(quantities=wood, carbon=totals)).get("EnergyConsumptionFromFuels")
    assert (row.value, row.reason) == (Decimal(10), "quantity_not_converted")


@pytest.mark.parametrize(
    ("naf", "materials", "tobacco", "plan"),
    [
        ("10.71C", Status.TO_ASK, Status.NOT_APPLICABLE, Status.TO_ASK),
        ("12.00Z", Status.TO_ASK, Status.TO_ASK, Status.TO_ASK),
        ("82.92Z", Status.TO_ASK, Status.NOT_APPLICABLE, Status.NOT_APPLICABLE),
        ("62.01Z", Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, Status.NOT_APPLICABLE),
    ],
)
def test_the_activity_says_what_applies(naf: str, materials: Status, tobacco: Status, plan: Status) -> None:
    rows = prefill(Evidence(naf=Naf.parse(naf)))
    assert rows.get("WeightOfMaterialUsed").status is materials
    assert rows.get("RevenueDerivedFromCultivationAndProductionOfTobacco").status is tobacco
    assert rows.get("DateOfAdoptionOfTransitionPlanForUndertakingNotHavingAdoptedTransitionPlanYet").status is plan


def test_no_answer_closes_the_question_that_follows() -> None:
    first = "UndertakingAppliesCircularEconomyPrinciples"
    follows = "DescriptionOfHowCircularEconomyPrinciplesAreApplied"
    assert prefill(Evidence()).get(follows).status is Status.TO_ASK
    known = Evidence(answers={first: Answer(Status.ANSWERED, value=False)})
    assert prefill(known).get(follows).reason == "answered_no"


def test_a_partial_figure_waits_for_a_confirmation() -> None:
    found = result(
        "headcount_year_end", 5, ResultStatus.PARTIAL, reason="months_missing", breakdown=(Part({"sex": "F"}, 2),)
    )
    rows = prefill(Evidence(results={"headcount_year_end": found}))
    assert rows.get("NumberOfFemaleEmployees").reason == "figure_months_missing"
    assert rows.get("NumberOfMaleEmployees").status is Status.TO_ASK


def test_counts_are_those_of_the_rows() -> None:
    rows = prefill(Evidence()).rows
    counts = counts_of(rows)
    assert counts.valued + counts.not_applicable + counts.to_ask + counts.omitted == len(rows) == 143


def test_every_rule_of_the_data_is_known_or_asks() -> None:
    asks = {
        *("ALWAYS", "COMPREHENSIVE", "COMPREHENSIVE_IF_ANY", "COMPREHENSIVE_IF_GOVERNANCE_BODY", "IF_ANY"),
        *("COMPREHENSIVE_IF_HAZARDS", "COMPREHENSIVE_IF_TARGETS", "IF_OTHER_TICKED", "IF_POLLUTION_ALREADY_REPORTED"),
        *("IF_SCOPE3_RELEVANT", "IF_SEVERAL_COUNTRIES", "IF_SITE_IN_WATER_STRESS", "IF_SITE_NEAR_SENSITIVE_AREA"),
        *("IF_SPLIT_OBTAINABLE", "IF_WATER_INTENSIVE_PROCESS", "MAY_OMIT_UNDER_150_EMPLOYEES"),
    }
    rules = {point.rule for point in datapoints() if not point.rule.startswith("IF_YES:")}
    assert rules == asks | set(_RULES)


def test_every_reason_has_words() -> None:
    for reason in ("small_group", "nobody_of_group", "answered_no", "optional", "figure_partial", "sites_used"):
        assert sentence("vsme", reason).message


@pytest.mark.parametrize(
    ("concept", "text", "value"),
    [
        ("TotalEnergyConsumption", "1 234,5", Decimal("1234.5")),
        (GAP, "−0,02", Decimal("-0.02")),
        (GAP, "−2,5\u00a0%", Decimal("-0.025")),
        ("UndertakingAppliesCircularEconomyPrinciples", "Oui", True),
        ("BasisForReporting", "ConsolidatedMember", "ConsolidatedMember"),
    ],
)
def test_an_answer_takes_the_type_of_its_point(concept: str, text: str, value: Any) -> None:
    point = next(one for one in datapoints() if one.concept == concept)
    assert read_value(point, text) == value


@pytest.mark.parametrize(
    ("concept", "text", "code"),
    [
        ("TotalEnergyConsumption", "beaucoup", "number"),
        ("TotalEnergyConsumption", "12 %", "number"),
        ("TotalEnergyConsumption", "Infinity", "number"),
        ("TotalEnergyConsumption", "-1", "negative"),
        ("UndertakingAppliesCircularEconomyPrinciples", "peut-être", "boolean"),
        ("BasisForReporting", "Autre", "member"),
        ("BasisForReporting", " ", "empty"),
    ],
)
def test_an_answer_of_another_type_is_refused(concept: str, text: str, code: str) -> None:
    point = next(one for one in datapoints() if one.concept == concept)
    with pytest.raises(BadAnswer) as caught:
        read_value(point, text)
    assert caught.value.code == code
    assert sentence("vsme", f"bad/{code}").message
