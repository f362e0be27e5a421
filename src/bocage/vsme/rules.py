"""When a data point applies, from the column ``rule`` of the data: the reason why it does not, else nothing.

A rule that needs an answer which nobody has given yet lets the point be asked.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from bocage.referentials.naf import naf_section
from bocage.referentials.vsme import Datapoint, legal_form
from bocage.vsme.evidence import Evidence
from bocage.vsme.values import Status

SMALL = 50
MATERIAL_SECTIONS = frozenset("CF")
PACKAGING = "82.92"
HIGH_CLIMATE_IMPACT = frozenset("ABCDEFGHL")
COOPERATIVE, OTHER_FORM = "CooperativeMember", "OtherUndertakingsLegalFormMember"
SECTORS: Mapping[str, tuple[str, ...]] = {
    "RevenueDerivedFromControversialWeaponsAntiPersonnelMinesClusterMunitionsChemicalWeaponsAndBiologicalWeapons": (
        "25.40",
    ),
    "RevenueDerivedFromCultivationAndProductionOfTobacco": ("01.15", "12."),
    "TotalRevenuesDerivedFromFossilFuelCoalOilAndGasSector": ("05.", "06.", "09.", "19.", "35.2", "46.71", "47.30"),
    "RevenueDerivedFromCoal": ("05.", "19.", "46.71"),
    "RevenueDerivedFromOil": ("06.", "09.", "19.", "46.71", "47.30"),
    "RevenueDerivedFromGas": ("06.", "09.", "35.2", "46.71"),
    "RevenueDerivedFromChemicalProduction": ("20.2",),
}
"""Concept → beginnings of the NAF rév. 2 codes that are a clue."""
FUELS = ("RevenueDerivedFromCoal", "RevenueDerivedFromOil", "RevenueDerivedFromGas")
POWER = ("35.1",)


def reason_not_applicable(point: Datapoint, known: Evidence) -> str:
    """A reason code of ``vsme.toml``, empty when the point applies or when nothing can tell."""
    if point.rule.startswith("IF_YES:"):
        return _no_to(point.rule.removeprefix("IF_YES:"), known)
    check = _RULES.get(point.rule)
    return check(point, known) if check else ""


def headcount(known: Evidence) -> Decimal | None:
    """Employees at the end of the period: what was answered, else what the DSN say."""
    answered = known.answers.get("NumberOfEmployees")
    if answered is not None and isinstance(answered.value, Decimal | int):
        return Decimal(answered.value)
    result = known.results.get("headcount_year_end")
    value = result.value if result else None
    return Decimal(value) if isinstance(value, Decimal | int) else None


def _form(known: Evidence) -> str:
    answered = known.answers.get("UndertakingsLegalForm")
    if answered is not None and answered.status is Status.ANSWERED:
        return str(answered.value)
    category = known.company.legal_form if known.company else None
    found = legal_form(category) if category else None
    return found.member if found else ""


def _no_to(concept: str, known: Evidence) -> str:
    answered = known.answers.get(concept)
    if answered is None:
        return ""
    return "" if answered.value is True else "answered_no"


def _under_50(_point: Datapoint, known: Evidence) -> str:
    count = headcount(known)
    return "under_50" if count is not None and count < SMALL else ""


def _cooperative(_point: Datapoint, known: Evidence) -> str:
    form = _form(known)
    return "not_cooperative" if form and form != COOPERATIVE else ""


def _other_form(_point: Datapoint, known: Evidence) -> str:
    form = _form(known)
    return "legal_form_listed" if form and form != OTHER_FORM else ""


def _individual(_point: Datapoint, known: Evidence) -> str:
    answered = known.answers.get("BasisForReporting")
    consolidated = answered is not None and answered.value == "ConsolidatedMember"
    return "" if consolidated else "individual_basis"


def _material_flow(_point: Datapoint, known: Evidence) -> str:
    code = known.activity
    if code is None or naf_section(code) in MATERIAL_SECTIONS or code.startswith(PACKAGING):
        return ""
    return "no_material_flow"


def _sector(point: Datapoint, known: Evidence) -> str:
    code = known.activity
    if code is None or code.startswith(SECTORS.get(point.concept, ())):
        return ""
    return "not_in_sector"


def _climate(_point: Datapoint, known: Evidence) -> str:
    code = known.activity
    return "low_climate_impact" if code is not None and naf_section(code) not in HIGH_CLIMATE_IMPACT else ""


def _withheld(_point: Datapoint, known: Evidence) -> str:
    return "" if any(one.status is Status.OMITTED for one in known.answers.values()) else "nothing_omitted"


def _policies(_point: Datapoint, known: Evidence) -> str:
    answered = known.answers.get("SustainabilityIssueAddressedByPracticePolicyAndOrFutureInitiative")
    return "no_policy" if answered is not None and answered.status is Status.NOT_APPLICABLE else ""


def _always(reason: str) -> Callable[[Datapoint, Evidence], str]:
    return lambda _point, _known: reason


_RULES: Mapping[str, Callable[[Datapoint, Evidence], str]] = {
    "IF_50_EMPLOYEES": _under_50,
    "COMPREHENSIVE_MAY_50_EMPLOYEES": _under_50,
    "IF_COOPERATIVE": _cooperative,
    "IF_LEGAL_FORM_OTHER": _other_form,
    "IF_CONSOLIDATED": _individual,
    "MATERIAL_FLOW_SECTOR": _material_flow,
    "COMPREHENSIVE_IF_SECTOR": _sector,
    "COMPREHENSIVE_MAY_HIGH_CLIMATE_IMPACT": _climate,
    "COMPREHENSIVE_HIGH_CLIMATE_IMPACT_NO_PLAN": _climate,
    "IF_OMITTED": _withheld,
    "COMPREHENSIVE_IF_B2_ANSWERED": _policies,
    "IF_REUSED": _always("first_report"),
    "VOLUME_INSTEAD_OF_MASS": _always("mass_is_used"),
    "OPTIONAL": _always("optional"),
    "COMPREHENSIVE_OPTIONAL": _always("optional"),
}
