"""The value of each data point, where one can be found: one function a family, nothing invented.

Rules of the figures: ``docs/vsme.md``. Shares are fractions and emissions tonnes, as the taxonomy wants them.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from bocage.indicators.result import Result, Status
from bocage.vsme import energy as amounts
from bocage.vsme import identity, rules
from bocage.vsme.energy import Amount
from bocage.vsme.evidence import CarbonTotals, Evidence
from bocage.vsme.values import Cell, Value, Valued

HUNDRED, THOUSAND = Decimal(100), Decimal(1000)
LINES_NAMED = 10
TURNOVER, EMPLOYEES = "Turnover", "NumberOfEmployees"
SCOPE_1, SCOPE_2 = "GrossScope1GreenhouseGasEmissions", "GrossLocationBasedScope2GreenhouseGasEmissions"
SCOPE_3 = "GrossScope3GreenhouseGasEmissions"
SCOPES_1_2 = "TotalGrossLocationBasedScope1AndScope2GHGEmissions"
SCOPES_1_2_3 = "TotalGrossLocationBasedGHGEmissions"
MARKET_2 = "GrossMarketBasedScope2GreenhouseGasEmissions"
MARKET_1_2 = "TotalGrossMarketBasedScope1AndScope2GHGEmissions"
MARKET_1_2_3 = "TotalGrossMarketBasedGHGEmissions"
WITHDRAWN = "TotalAmountOfWaterWithdrawnFromAllSites"
DISCHARGED = "WaterDischargeFromUndertakingProductionProcesses"
WASTE = "TotalWasteGeneratedMass"
HAZARDOUS, HARMLESS = "TotalHazardousWasteGeneratedMass", "TotalNonHazardousWasteGeneratedMass"
SELF_MADE = "EnergyConsumptionFromSelfGeneratedElectricity"

type Finder = Callable[[Evidence], Valued | None]


def find(concept: str, known: Evidence) -> Valued | None:
    """The value of a data point from what is known, answers aside; None when nothing gives it."""
    finder = FINDERS.get(concept)
    return finder(known) if finder else None


def number(concept: str, known: Evidence) -> Decimal | None:
    """The number that a data point holds, answered or found."""
    answered = known.answers.get(concept)
    if answered is not None:
        return answered.value if isinstance(answered.value, Decimal) else None
    found = find(concept, known)
    value = found.value if found else None
    return Decimal(value) if isinstance(value, Decimal | int) else None


def _unsure(known: Evidence, *concepts: str) -> str:
    """The reason for which one of these figures waits for a confirmation, which whatever stands on it inherits."""
    for concept in concepts:
        if concept not in known.answers and (found := find(concept, known)) is not None and found.confirm:
            return found.confirm
    return ""


def _result(known: Evidence, code: str) -> Result | None:
    found = known.results.get(code)
    return found if found is not None and found.value is not None else None


def _indicator(code: str, unit: str, known: Evidence, *, times: Decimal = Decimal(1)) -> Valued | None:
    found = _result(known, code)
    if found is None:
        return None
    value: Value = found.value
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        value = Decimal(value) * times
    confirm = "" if found.status is Status.COMPUTED else f"figure_{found.reason or 'partial'}"
    return Valued(value, unit, (code,), confirm)


def _employees(axis: str, name: str, known: Evidence) -> Valued | None:
    """A part of the employees at the end of the period."""
    found = _result(known, "headcount_year_end")
    if found is None:
        return None
    part = next((one for one in found.breakdown if one.by.get(axis) == name), None)
    if part is None or not isinstance(part.value, Decimal | int | str):
        return None
    return Valued(Decimal(part.value), "pure", ("headcount_year_end",), _partial(found))


def _partial(found: Result) -> str:
    return "" if found.status is Status.COMPUTED else f"figure_{found.reason or 'partial'}"


def _other_sexes(known: Evidence) -> Valued | None:
    found = _result(known, "headcount_year_end")
    return None if found is None else Valued(Decimal(0), "pure", ("headcount_year_end",), "two_sexes_declared")


def _unreported_sex(known: Evidence) -> Valued | None:
    found = _result(known, "headcount_year_end")
    if found is None:
        return None
    return _employees("sex", "unknown", known) or Valued(Decimal(0), "pure", ("headcount_year_end",), _partial(found))


def _by_country(known: Evidence) -> Valued | None:
    count = number(EMPLOYEES, known)
    cells = (Cell("FR", f"{count:f}"),) if count is not None else ()
    return Valued(cells, "pure", (f"vsme:{EMPLOYEES}",), "french_contracts_only") if cells else None


def _counting(member: str, known: Evidence) -> Valued | None:
    if EMPLOYEES in known.answers or _result(known, "headcount_year_end") is None:
        return None
    return Valued(member, "", ("headcount_year_end",))


def _fraction(code: str, known: Evidence) -> Valued | None:
    return _indicator(code, "pure", known, times=1 / HUNDRED)


# Energy, water, waste ------------------------------------------------------------------------------------------------


def _given(categories: tuple[str, ...], amount: Amount | None, unit: str, known: Evidence) -> Valued | None:
    if amount is None:
        return None
    sources = [f"quantity:{category}" for category in amount.categories]
    missing = _missing(known.carbon, (*categories, amounts.UNSPLIT) if unit == "MWh" else categories)
    sources += [f"line:{line}" for line in missing[:LINES_NAMED]]
    confirm = "quantities_missing" if missing else ""
    confirm = confirm or ("" if amount.whole else "quantity_not_converted")
    return Valued(amount.value, unit, tuple(sources), confirm or ("" if known.carbon else "books_unknown"))


def _missing(carbon: CarbonTotals | None, categories: tuple[str, ...]) -> tuple[int, ...]:
    return () if carbon is None else tuple(line for name in categories for line in carbon.missing.get(name, ()))


def _energy(categories: tuple[str, ...], known: Evidence) -> Valued | None:
    return _given(categories, amounts.energy(known.quantities, categories), "MWh", known)


def _total_energy(known: Evidence) -> Valued | None:
    found = _energy(amounts.ENERGY, known)
    made = known.answers.get(SELF_MADE)
    if found is None or made is None or not isinstance(made.value, Decimal) or not isinstance(found.value, Decimal):
        return found
    return Valued(found.value + made.value, found.unit, (*found.sources, f"vsme:{SELF_MADE}"), found.confirm)


def _water(known: Evidence) -> Valued | None:
    return _given(("water",), amounts.water(known.quantities), "m3", known)


def _water_used(known: Evidence) -> Valued | None:
    taken, back = number(WITHDRAWN, known), number(DISCHARGED, known)
    if taken is None or back is None or back > taken:
        return None
    return Valued(taken - back, "m3", (f"vsme:{WITHDRAWN}", f"vsme:{DISCHARGED}"), _unsure(known, WITHDRAWN))


def _waste(known: Evidence) -> Valued | None:
    """Hazardous and other waste when both were answered, else the tonnes given for the carbon estimate."""
    told = _total((HAZARDOUS, HARMLESS), "t", known)
    amount = amounts.waste(known.quantities)
    if told is not None or amount is None:
        return told
    return Valued(amount.value, "t", ("quantity:waste",), "waste_given_for_carbon")


def _total(concepts: tuple[str, ...], unit: str, known: Evidence) -> Valued | None:
    """The sum of what somebody answered; nothing while one of them is not."""
    told = [_told(concept, known) for concept in concepts]
    figures = [one for one in told if one is not None]
    if len(figures) < len(told):
        return None
    return Valued(sum(figures, Decimal(0)), unit, tuple(f"vsme:{concept}" for concept in concepts))


def _rest(other: str, known: Evidence) -> Valued | None:
    """Hazardous waste from the total and the other, or the other way round."""
    whole, part = _told(WASTE, known), _told(other, known)
    if whole is None or part is None or part > whole:
        return None
    return Valued(whole - part, "t", (f"vsme:{WASTE}", f"vsme:{other}"))


def _told(concept: str, known: Evidence) -> Decimal | None:
    answered = known.answers.get(concept)
    return answered.value if answered is not None and isinstance(answered.value, Decimal) else None


# Emissions -----------------------------------------------------------------------------------------------------------


def _scope(scope: str, categories: tuple[str, ...], known: Evidence) -> Valued | None:
    """Scope 1 or 2: a figure only when a quantity makes it, since the euros of energy never do."""
    carbon = known.carbon
    given = [one.category for one in known.quantities if one.category in categories]
    if carbon is None or not given:
        return None
    missing = _missing(carbon, (*categories, amounts.UNSPLIT))
    sources = (*(f"quantity:{name}" for name in dict.fromkeys(given)), f"carbon:scope_{scope}")
    lines = tuple(f"line:{line}" for line in missing[:LINES_NAMED])
    confirm = "quantities_missing" if missing else ""
    return Valued(carbon.by_scope.get(scope, Decimal(0)) / THOUSAND, "tCO2e", (*sources, *lines), confirm)


def _scope_3(known: Evidence) -> Valued | None:
    carbon = known.carbon
    if carbon is None:
        return None
    tonnes = carbon.by_scope.get("3", Decimal(0)) / THOUSAND
    return Valued(tonnes, "tCO2e", ("carbon:scope_3",), "mostly_spend_based") if tonnes else None


def _sum(concepts: tuple[str, ...], known: Evidence) -> Valued | None:
    figures = [number(concept, known) for concept in concepts]
    whole = [one for one in figures if one is not None]
    if len(whole) < len(figures):
        return None
    sources = tuple(f"vsme:{concept}" for concept in concepts)
    return Valued(sum(whole, Decimal(0)), "tCO2e", sources, _unsure(known, *concepts))


def _intensity(concept: str, known: Evidence) -> Valued | None:
    tonnes, turnover = number(concept, known), number(TURNOVER, known)
    if tonnes is None or turnover is None or turnover <= 0:
        return None
    value = (tonnes / turnover).quantize(Decimal("1e-12")).normalize()
    return Valued(value, "tCO2e/EUR", (f"vsme:{concept}", f"vsme:{TURNOVER}"), _unsure(known, concept, TURNOVER))


# Drafts and the comprehensive module ---------------------------------------------------------------------------------


def _labels(labels: str, prefix: str, known: Evidence) -> Valued | None:
    found = known.products if labels == "products" else known.materials
    if not found:
        return None
    return Valued("\n".join(found), "", (f"accounts {prefix}",), "account_labels")


def _materials(known: Evidence) -> Valued | None:
    cells = tuple(Cell(f"{rank}", label) for rank, label in enumerate(known.materials, start=1))
    return Valued(cells, "", ("accounts 601–607",), "account_labels") if cells else None


def _relations(known: Evidence) -> Valued | None:
    suppliers, customers = _result(known, "supplier_top10_share"), _result(known, "customer_top10_share")
    if suppliers is None or customers is None:
        return None
    text = (
        f"Les dix premiers clients représentent {_percent(customers)} du chiffre d’affaires attribué à un client ; "
        f"les dix premiers fournisseurs, {_percent(suppliers)} des achats attribués à un fournisseur."
    )
    return Valued(text, "", ("customer_top10_share", "supplier_top10_share"), "draft_to_complete")


def _markets(known: Evidence) -> Valued | None:
    """A draft from the labels of sales accounts; nothing when none of them names a market."""
    if not known.markets:
        return None
    said = " ; ".join(f"{market}, {share:f}".replace(".", ",") + "\u00a0%" for market, share in known.markets)
    return Valued(f"Chiffre d’affaires par marché : {said}.", "", ("accounts 70",), "account_labels")


def _revenue(concept: str, known: Evidence) -> Valued | None:
    """The whole turnover of a company whose activity is of the sector, for somebody to take down to its share.

    An activity that may be of two fuels says nothing of either.
    """
    code, turnover = known.activity, number(TURNOVER, known)
    others = [one for one in rules.FUELS if one != concept] if concept in rules.FUELS else []
    if code is None or turnover is None or not code.startswith(rules.SECTORS[concept]):
        return None
    if any(code.startswith(rules.SECTORS[other]) for other in others):
        return None
    return Valued(turnover, "EUR", ("registry:naf", f"vsme:{TURNOVER}"), "sector_turnover")


def _percent(found: Result) -> str:
    return f"{found.value}".replace(".", ",") + "\u00a0%"


def _excluded_from_benchmarks(known: Evidence) -> Valued | None:
    """« No » when the activity is far from coal, oil, gas and power; a threshold of turnover is asked otherwise."""
    fossil = rules.SECTORS["TotalRevenuesDerivedFromFossilFuelCoalOilAndGasSector"]
    code = known.activity
    if code is None or code.startswith((*fossil, *rules.POWER)):
        return None
    return Valued(False, "", ("registry:naf",), "activity_only")


FINDERS: Mapping[str, Finder] = {
    **identity.FINDERS,
    "Assets": partial(_indicator, "total_assets", "EUR"),
    TURNOVER: partial(_indicator, "turnover", "EUR"),
    EMPLOYEES: partial(_indicator, "headcount_year_end", "pure"),
    "EmployeeCountingMethodology": partial(_counting, "AtTheEndOfTheReportingPeriodMember"),
    "TypeOfNumberOfEmployees": partial(_counting, "HeadcountMember"),
    "NumberOfPermanentContractEmployees": partial(_employees, "contract", "permanent"),
    "NumberOfTemporaryContractEmployees": partial(_employees, "contract", "temporary"),
    "NumberOfMaleEmployees": partial(_employees, "sex", "M"),
    "NumberOfFemaleEmployees": partial(_employees, "sex", "F"),
    "NumberOfOtherGenderEmployees": _other_sexes,
    "NumberOfNonReportedGenderEmployees": _unreported_sex,
    "NumberOfEmployeesForCountryOfEmploymentContract": _by_country,
    "EmployeeTurnoverRate": partial(_fraction, "turnover_vsme"),
    "NumberOfRecordableWorkRelatedAccidentsInTheReportingPeriod": partial(identity.accidents, "accidents_with_stop"),
    "RateOfRecordableWorkRelatedAccidentsInTheReportingPeriod": partial(identity.accidents, "accident_rate_vsme"),
    "EmployeesReceivePayEqualOrAboveMinimumWageDeterminedByNationalLawOrCollectiveAgreement": partial(
        _indicator, "minimum_wage_compliance", ""
    ),
    "PercentageGapInPayBetweenFemaleAndMaleEmployees": partial(_fraction, "pay_gap_mean"),
    "PercentageOfEmployeesCoveredByCollectiveBargainingAgreements": partial(_fraction, "collective_agreement_coverage"),
    "TotalEnergyConsumption": _total_energy,
    "EnergyConsumptionFromElectricity": partial(_energy, amounts.ELECTRICITY),
    "EnergyConsumptionFromFuels": partial(_energy, amounts.FUELS),
    WITHDRAWN: _water,
    "TotalWaterConsumption": _water_used,
    "TotalWasteRecycledReusedAndDirectedToDisposalMass": partial(
        _total, ("WasteDivertedToRecycleOrReuseMass", "WasteDirectedToDisposalMass"), "kg"
    ),
    WASTE: _waste,
    HAZARDOUS: partial(_rest, HARMLESS),
    HARMLESS: partial(_rest, HAZARDOUS),
    "TotalMassOfMaterialUsed": partial(_total, ("WeightOfMaterialUsed",), "t"),
    "TotalVolumeOfMaterialUsed": partial(_total, ("VolumeOfMaterialUsed",), "m3"),
    SCOPE_1: partial(_scope, "1", (*amounts.FUELS, "refrigerants")),
    SCOPE_2: partial(_scope, "2", (*amounts.ELECTRICITY, *amounts.NETWORKS)),
    SCOPE_3: _scope_3,
    SCOPES_1_2: partial(_sum, (SCOPE_1, SCOPE_2)),
    SCOPES_1_2_3: partial(_sum, (SCOPES_1_2, SCOPE_3)),
    MARKET_1_2: partial(_sum, (SCOPE_1, MARKET_2)),
    MARKET_1_2_3: partial(_sum, (MARKET_1_2, SCOPE_3)),
    "Scope1AndScope2GreenhouseGasEmissionsIntensityValueMarketBased": partial(_intensity, MARKET_1_2),
    "TotalMarketBasedGreenhouseGasEmissionsIntensityValue": partial(_intensity, MARKET_1_2_3),
    "Scope1AndScope2GreenhouseGasEmissionsIntensityValueLocationBased": partial(_intensity, SCOPES_1_2),
    "TotalLocationBasedGreenhouseGasEmissionsIntensityValue": partial(_intensity, SCOPES_1_2_3),
    "NameOfMaterialUsed": _materials,
    "DescriptionOfSignificantGroupsOfProductsAndOrServicesOffered": partial(_labels, "products", "70"),
    "DescriptionOfSignificantMarketsTheUndertakingOperatesIn": _markets,
    "DescriptionOfMainBusinessRelationships": _relations,
    **{concept: partial(_revenue, concept) for concept in rules.SECTORS},
    "FemaleToMaleRatioAtManagementLevelForTheReportingPeriod": partial(_indicator, "managers_female_to_male", "pure"),
    "UndertakingsAreExcludedFromAnyEuReferenceBenchmarksThatAreAlignedWithTheParisAgreement": (
        _excluded_from_benchmarks
    ),
}
