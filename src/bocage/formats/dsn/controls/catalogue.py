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

_REGISTER = "répertoire SIRENE nécessaire"
_TABLE = "table externe non publiée avec la norme"
_REASONS: Mapping[str, str] = {
    "15.003/CCH-11 15.003/CCH-12 15.003/CCH-13 15.003/CCH-14": "table des délégataires non publiée avec la norme",
    "20.008/CCH-11 20.008/CCH-12 20.008/CCH-13 20.008/CCH-14": "table des délégataires non publiée avec la norme",
    "40.005/CCH-16": "table des emplois hospitaliers (NEH) non publiée avec la norme",
    "40.005/CCH-18": "table des emplois du spectacle non publiée avec la norme",
    "20.006/CCH-12 20.007/CCH-12": "liste des institutions Agirc-Arrco non publiée avec la norme",
    "20.004/CCH-13": "listes des Urssaf, de l’Agirc-Arrco et des caisses de congés non publiées avec la norme",
    "S20.05.001/CST-11": "dépôt de machine à machine : ne se constate pas sur un fichier",
    "06.012/SIG-11": "la norme ne dit pas ce qui fait une entreprise étrangère",
    "11.024/CCH-11": "ne s’applique à aucune nature de déclaration",
}


@cache
def implemented() -> frozenset[str]:
    """The official ids of the controls that are run."""
    by_value = {control for controls in value_controls().values() for control, _ in controls}
    return frozenset({rule.id for rule in RULES} | by_value | set(ENVOI_CONTROLS))


@cache
def reasons() -> Mapping[str, str]:
    """Control not implemented → why, in French."""
    told = {full_id(short): reason for ids, reason in _REASONS.items() for short in ids.split()}
    found = {}
    for control in all_controls().values():
        if control.id in implemented():
            continue
        default = _REGISTER if control.family == "CME" else _TABLE if control.family == "CRE" else ""
        found[control.id] = told.get(control.id, default)
    return found
