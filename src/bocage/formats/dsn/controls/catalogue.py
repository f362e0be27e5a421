"""Which controls of the norm are implemented, and why the others are not."""

from collections.abc import Mapping
from functools import cache

from bocage.formats.dsn.controls import (
    bases,
    changes,
    company,
    contracts,
    cover,
    envelope,
    events,
    others,
    pay,
    people,
    remittance,
)
from bocage.formats.dsn.controls.base import Rule, RunRule, full_id
from bocage.formats.dsn.controls.syntax import value_controls
from bocage.referentials.dsn import all_controls

RULES: tuple[Rule | RunRule, ...] = (
    *envelope.RULES,
    *company.RULES,
    *remittance.RULES,
    *people.RULES,
    *contracts.RULES,
    *changes.RULES,
    *events.RULES,
    *cover.RULES,
    *pay.RULES,
    *bases.RULES,
    *others.RULES,
)

ENVOI_CONTROLS = tuple(
    full_id(short) for short in ("S10.00.008/CCH-11", "S20.05.002/CCH-11", "S90.90.001/CST-11", "S90.90.002/CST-11")
)
"""Controls over all the declarations of an envoi: see bocage.formats.dsn.envoi."""

_REGISTER = "needs the SIRENE register"
_TABLE = "its table is published apart from the norm and is not at hand"
_REASONS: Mapping[str, str] = {
    "15.003/CCH-11 15.003/CCH-12 15.003/CCH-13 15.003/CCH-14": "its table (delegates of insurers) is not at hand",
    "20.008/CCH-11 20.008/CCH-12 20.008/CCH-13 20.008/CCH-14": "its table (delegates of insurers) is not at hand",
    "40.005/CCH-16": "its table (NEH, hospital jobs) is not at hand",
    "40.005/CCH-18": "its table (performing-arts jobs) is not at hand",
    "20.006/CCH-12 20.007/CCH-12": "the list of Agirc-Arrco institutions is not at hand",
    "20.004/CCH-13": "the lists of Urssaf, Agirc-Arrco and leave funds are not at hand",
    "S20.05.001/CST-11": "machine-to-machine deposits only: cannot be seen in a file",
    "06.012/SIG-11": "the norm does not say how a foreign company is told",
    "11.024/CCH-11": "applies to no nature of declaration",
}


@cache
def implemented() -> frozenset[str]:
    """The official ids of the controls that are run."""
    by_value = {control for controls in value_controls().values() for control, _ in controls}
    return frozenset({rule.id for rule in RULES} | by_value | set(ENVOI_CONTROLS))


@cache
def reasons() -> Mapping[str, str]:
    """Control not implemented → why."""
    told = {full_id(short): reason for ids, reason in _REASONS.items() for short in ids.split()}
    found = {}
    for control in all_controls().values():
        if control.id in implemented():
            continue
        default = _REGISTER if control.family == "CME" else _TABLE if control.family == "CRE" else ""
        found[control.id] = told.get(control.id, default)
    return found


NOTES: Mapping[str, str] = {
    full_id("S20.05.006/CID-11"): "the declaration cancelled is neither this one nor a younger one",
    full_id("20.006/CCH-11"): "an Urssaf is known by the bordereau (block 22) that bears its SIRET",
    full_id("22.003/CCH-11"): "an Urssaf is known by its SIRET",
    full_id("22.005/CCH-11"): "an Urssaf is known by its SIRET",
    full_id("40.022/CRE-11"): "funds 01 to 37",
    full_id("41.023/CRE-11"): "funds 01 to 37",
    full_id("78.003/SIG-17"): "performing-arts jobs are known by 40.004",
    full_id("30.007/CSL-11"): "place of the signs only",
    full_id("12.003/CSL-12"): "French and Monegasque accounts",
    full_id("20.004/CSL-13"): "French and Monegasque accounts",
}
"""Where an implemented control had to be read in a way of its own."""
