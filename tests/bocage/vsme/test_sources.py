"""Every data point that the standard's table gives a source to: valued by it, or left out for a reason said here."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bocage.formats.base import BytesSource
from bocage.identifiers import Naf
from bocage.ingest.fec import write_facts
from bocage.referentials.vsme import datapoints
from bocage.vsme import Answer, CarbonTotals, Evidence, Status, prefill, sales_markets
from bocage.vsme.valuing import FINDERS
from tests.bocage.vsme.test_prefill import quantity, result

D = Decimal
LEFT_OUT: Mapping[str, str] = {
    "ReportContainsDisclosuresFromThePreviousReportingPeriodThatRemainUnchanged": "needs a report of the year before",
    "ListOfDisclosuresForWhichNoChangesAreReportedComparedToThePreviousPeriodReporting": "needs a former report",
    "LinkToPreviousReportContainingDisclosuresThatRemainUnchanged": "needs a former report",
    "RegisteredAddressOfTheSubsidiary": "the subsidiaries themselves are asked",
    "FinancialInvestmentInTheCapitalOrAssetsOfSocialEconomyEntities": "accounts 26 and 27 are a clue, then it is asked",
    "AreaOfSiteInBiodiversitySensitiveArea": "map layers not at hand",
    "SiteLocatedInABiodiversitySensitiveArea": "map layers not at hand",
    "SiteLocatedNearABiodiversitySensitiveArea": "map layers not at hand",
    "AmountOfWaterWithdrawnAtSitesLocatedInAreasOfHighWaterStress": "map layer not at hand",
    "TotalWasteRecycledReusedAndDirectedToDisposalVolume": "masses are given",
    "TotalWasteGeneratedVolume": "masses are given",
    "GreenhouseGasEmissionReductionTargetBaseYear": "chosen in a trajectory",
    "GreenhouseGasEmissionReductionTargetYear": "chosen in a trajectory",
    "DisclosureOfListOfMainActionsTheEntitySeeksInOrderToAchieveItsTargets": "comes from an action plan",
}


def sourced() -> set[str]:
    """The concepts that the data give another source than a question."""
    text = (files("bocage.referentials.vsme") / "datapoints.csv").read_text(encoding="utf-8")
    return {row["concept"] for row in csv.DictReader(text.splitlines()) if row["source"] != "ASK"}


def test_every_point_with_a_source_is_valued_or_left_out_for_a_reason() -> None:
    assert sourced() - set(FINDERS) == set(LEFT_OUT)
    assert set(FINDERS) <= {point.concept for point in datapoints()}


def answers(**told: str) -> dict[str, Answer]:
    return {concept: Answer(Status.ANSWERED, D(value)) for concept, value in told.items()}


TURNOVER = {"turnover": result("turnover", D("2000.00"))}
BOOKS = CarbonTotals({"1": D(3000), "2": D(1400), "3": D(9000)}, {}, None, "M")
BURNT = [quantity("fuel_fixed", "10", "MWh PCS", "ademe:37133")]
HAZARDOUS, HARMLESS = "TotalHazardousWasteGeneratedMass", "TotalNonHazardousWasteGeneratedMass"
MARKET = Evidence(
    carbon=BOOKS,
    quantities=BURNT,
    results=TURNOVER,
    answers=answers(GrossMarketBasedScope2GreenhouseGasEmissions="0.5"),
)
FOSSIL = "TotalRevenuesDerivedFromFossilFuelCoalOilAndGasSector"


def trader(naf: str) -> Evidence:
    return Evidence(naf=Naf.parse(naf), results=TURNOVER)


@pytest.mark.parametrize(
    ("known", "concept", "value", "unit", "status"),
    [
        # 3 t burnt + 0.5 t of the contract; + 9 t of scope 3; over 2,000 EUR
        (MARKET, "TotalGrossMarketBasedScope1AndScope2GHGEmissions", "3.5", "tCO2e", "prefilled"),
        (MARKET, "TotalGrossMarketBasedGHGEmissions", "12.5", "tCO2e", "to_confirm"),
        (MARKET, "Scope1AndScope2GreenhouseGasEmissionsIntensityValueMarketBased", "0.00175", "tCO2e/EUR", "prefilled"),
        (MARKET, "TotalMarketBasedGreenhouseGasEmissionsIntensityValue", "0.00625", "tCO2e/EUR", "to_confirm"),
        (
            Evidence(answers=answers(WasteDivertedToRecycleOrReuseMass="700", WasteDirectedToDisposalMass="300")),
            "TotalWasteRecycledReusedAndDirectedToDisposalMass",
            "1000",
            "kg",
            "prefilled",
        ),
        (
            Evidence(answers=answers(**{HAZARDOUS: "0.2", HARMLESS: "0.8"})),
            "TotalWasteGeneratedMass",
            "1.0",
            "t",
            "prefilled",
        ),
        (Evidence(answers=answers(TotalWasteGeneratedMass="5", **{HARMLESS: "4"})), HAZARDOUS, "1", "t", "prefilled"),
        (Evidence(answers=answers(TotalWasteGeneratedMass="5", **{HAZARDOUS: "4"})), HARMLESS, "1", "t", "prefilled"),
        (Evidence(answers=answers(WeightOfMaterialUsed="12")), "TotalMassOfMaterialUsed", "12", "t", "prefilled"),
        (Evidence(answers=answers(VolumeOfMaterialUsed="3")), "TotalVolumeOfMaterialUsed", "3", "m3", "prefilled"),
        (trader("12.00Z"), "RevenueDerivedFromCultivationAndProductionOfTobacco", "2000", "EUR", "to_confirm"),
        (trader("20.20Z"), "RevenueDerivedFromChemicalProduction", "2000", "EUR", "to_confirm"),
        (trader("46.71Z"), FOSSIL, "2000", "EUR", "to_confirm"),
        (trader("05.10Z"), "RevenueDerivedFromCoal", "2000", "EUR", "to_confirm"),
    ],
)
def test_the_value_and_its_unit(known: Evidence, concept: str, value: str, unit: str, status: str) -> None:
    row = prefill(known).get(concept)
    assert (row.value, row.unit, row.status) == (D(value), unit, status)
    assert row.sources


@pytest.mark.parametrize(
    ("known", "concept"),
    [
        # Nothing of the contract, an activity of several fuels, a part larger than its whole: unknown, never zero.
        (Evidence(carbon=BOOKS, quantities=BURNT), "TotalGrossMarketBasedScope1AndScope2GHGEmissions"),
        (trader("46.71Z"), "RevenueDerivedFromOil"),
        (Evidence(answers=answers(TotalWasteGeneratedMass="5", **{HARMLESS: "6"})), HAZARDOUS),
        (Evidence(answers=answers(**{HARMLESS: "6"})), "TotalWasteGeneratedMass"),
        (
            Evidence(answers=answers(WasteDirectedToDisposalMass="300")),
            "TotalWasteRecycledReusedAndDirectedToDisposalMass",
        ),
        (Evidence(naf=Naf.parse("20.20Z")), "RevenueDerivedFromChemicalProduction"),
        (Evidence(), "DescriptionOfSignificantMarketsTheUndertakingOperatesIn"),
    ],
)
def test_half_of_what_a_value_needs_gives_none(known: Evidence, concept: str) -> None:
    assert prefill(known).get(concept).value is None


HEADER = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\t"
    "PieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
)


def sold(folder: Path, *sales: tuple[str, str, str]) -> tuple[tuple[str, Decimal], ...]:
    rows = [HEADER]
    for number, (account, label, amount) in enumerate(sales, start=1):
        for code, name, debit, credit in ((account, label, "0,00", amount), ("411000", "Clients", amount, "0,00")):
            values = ["VE", "Ventes", f"{number}", "20250315", code, name, "", "", "P", "20250315", "x", debit, credit]
            rows.append("\t".join([*values, "", "", "20250630", "", ""]))
    content = "\r\n".join([*rows, ""]).encode()
    made: Any = write_facts([BytesSource("000012344FEC20251231.txt", content)], folder / "facts", work_dir=folder)
    return sales_markets(made[0].tables)


def test_markets_are_those_that_sales_accounts_name(tmp_path: Path) -> None:
    found = sold(
        tmp_path,
        ("707000", "Ventes de marchandises", "600,00"),
        ("707100", "Ventes intracommunautaires", "250,00"),
        ("707200", "Ventes à l’exportation", "150,00"),
        ("706000", "Prestations liées à la vue", "0,00"),
    )
    assert found == (
        ("France ou marché non précisé", D("60.0")),
        ("Union européenne", D("25.0")),
        ("hors Union européenne", D("15.0")),
    )
    row = prefill(Evidence(markets=found)).get("DescriptionOfSignificantMarketsTheUndertakingOperatesIn")
    assert row.status is Status.TO_CONFIRM
    assert "Union européenne, 25,0\u00a0%" in str(row.value)


def test_nothing_says_that_all_was_sold_in_france(tmp_path: Path) -> None:
    assert sold(tmp_path, ("707000", "Ventes de marchandises", "600,00")) == ()
