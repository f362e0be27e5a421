"""The social indicators: their codes in the order of the answer, units and source rubriques."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Definition:
    """What does not depend on the figures. The French formula is in ``wording/workforce.toml`` under the code."""

    unit: str
    sources: tuple[str, ...]
    last_day: bool = False
    """Speaks of the last day of the period: unknown when its last month is not declared."""
    vsme: str = ""
    """The paragraph of the voluntary standard that asks for it, as ``B8 §39``."""


def _contract(*numbers: str) -> tuple[str, ...]:
    return tuple(f"S21.G00.40.{number}" for number in numbers)


_PRESENCE = (*_contract("001", "007"), "S21.G00.62.001")
_MOVES = (*_contract("001", "007", "009"), "S21.G00.41.012", "S21.G00.41.014", "S21.G00.41.021", "S21.G00.62.001")
_EXITS = (*_MOVES, "S21.G00.62.002")
_HOURS = ("S21.G00.53.001", "S21.G00.53.002", "S21.G00.53.003", *_contract("011"))
_STOPS = ("S21.G00.60.001", "S21.G00.60.002", "S21.G00.60.003", "S21.G00.60.010")
_ACCIDENTS = ("S21.G00.60.001", "S21.G00.60.002", "S21.G00.60.012")
_SEX = ("S21.G00.30.001", "S21.G00.30.005", "S21.G00.30.020")
_GAP = (*_SEX, "S21.G00.51.011", "S21.G00.51.013", *_HOURS)
_QUOTA = _contract("011", "012", "013")
_QUOTA_CHANGES = ("S21.G00.41.007", "S21.G00.41.022")

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        "headcount_year_end": Definition(
            "persons", (*_PRESENCE, *_SEX, "S21.G00.30.006", *_contract("002")), True, vsme="B8 §39"
        ),
        "headcount_average": Definition("persons", _PRESENCE, vsme="B1 §24"),
        "headcount_r130_1": Definition("persons", (*_PRESENCE, *_QUOTA, *_QUOTA_CHANGES, *_contract("008", "021"))),
        "fte_year_end": Definition("FTE", (*_PRESENCE, *_QUOTA, *_QUOTA_CHANGES), True, vsme="B8 §39"),
        "part_time_share": Definition("%", (*_PRESENCE, *_contract("014"), "S21.G00.41.008"), True),
        "fixed_term_share": Definition("%", _PRESENCE, True, vsme="B8 §39 a"),
        "entries": Definition("number", _MOVES),
        "exits": Definition("number", _EXITS),
        "turnover_vsme": Definition("%", _EXITS, vsme="B8 §40"),
        "turnover_fr": Definition("%", _EXITS),
        "hours_paid": Definition("h", _HOURS),
        "absence_days": Definition("days", _STOPS),
        "absenteeism": Definition("%", (*_STOPS, *_PRESENCE)),
        "accidents_with_stop": Definition("number", _ACCIDENTS, vsme="B9 §41 a"),
        "accident_rate_vsme": Definition("per 200 000 h", (*_ACCIDENTS, *_HOURS), vsme="B9 §41 a"),
        "frequency_rate": Definition("per 10⁶ h", (*_ACCIDENTS, *_HOURS)),
        "severity_rate": Definition("days per 10³ h", (*_STOPS, *_HOURS)),
        "pay_gap_mean": Definition("%", _GAP, vsme="B10 §42 b"),
        "pay_gap_median": Definition("%", _GAP, vsme="B10 §42 b"),
        "minimum_wage_compliance": Definition(
            "yes/no",
            ("S21.G00.51.011", "S21.G00.51.013", *_contract("007", "008", "011", "013"), "S21.G00.41.007"),
            vsme="B10 §42 a",
        ),
        "collective_agreement_coverage": Definition("%", (*_PRESENCE, *_contract("017")), True, vsme="B10 §42 c"),
        "apprentices": Definition("persons", (*_PRESENCE, *_contract("008")), True),
        "disabled_workers": Definition("persons", (*_PRESENCE, *_contract("072")), True),
        "seniority_mean": Definition("years", ("S21.G00.86.001", "S21.G00.86.002", "S21.G00.86.003", *_PRESENCE), True),
        "age_mean": Definition("years", ("S21.G00.30.006", *_PRESENCE), True),
        "managers_female_to_male": Definition("ratio", (*_PRESENCE, *_SEX, *_contract("002")), True, vsme="C5 §59"),
    }
)

_LEGAL = DEFINITIONS["headcount_r130_1"].sources
_BENEFICIARIES = (*_LEGAL, *_contract("072"), "S21.G00.30.006")
_INDEX = (*_SEX, "S21.G00.30.006", *_contract("002", "008", "024", "074"), "S21.G00.51.011", "S21.G00.51.013")
_RAISES = (*_SEX, *_contract("013"), "S21.G00.51.011", "S21.G00.51.013")

ESTIMATES: Mapping[str, Definition] = MappingProxyType(
    {
        "hardship_exposed": Definition("persons", ("S21.G00.34.001", "S21.G00.34.003")),
        "oeth_due": Definition("units", _LEGAL),
        "oeth_employed": Definition("units", _BENEFICIARIES),
        "oeth_external": Definition("units", ("S21.G00.13.002", "S21.G00.13.003", "S21.G00.13.004")),
        "oeth_contribution": Definition("EUR", (*_BENEFICIARIES, "S21.G00.13.003")),
        "egapro_index": Definition("points", _INDEX),
        "egapro_pay_gap": Definition("%", _INDEX),
        "egapro_raises": Definition("%", _RAISES),
        "egapro_promotions": Definition("%", (*_SEX, *_contract("002", "041"))),
        "egapro_returns": Definition("%", (*_RAISES, "S21.G00.60.001", "S21.G00.60.003", "S21.G00.60.010")),
        "egapro_best_paid": Definition("persons", _INDEX),
    }
)
"""What the screens alone show: help to prepare a declaration, never one."""
