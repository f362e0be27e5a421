"""Code lists of the SIRENE registry: legal forms, size bands, departments, regions.

Sources and licences: ``README.md`` in this folder.
"""

from collections.abc import Mapping
from functools import cache

from bocage.referentials.loader import read_labels

UNKNOWN_SIZE_BAND = "NN"
"""No employee, or a figure older than three years: it never means zero with certainty."""


@cache
def _labels(name: str) -> Mapping[str, str]:
    return read_labels(__package__, name)


def legal_form_label(code: str) -> str | None:
    """The French label of a legal form (*catégorie juridique*, four digits), or None."""
    return _labels("categories_juridiques.json").get(code)


def legal_forms() -> Mapping[str, str]:
    """The legal forms, four-digit code to label."""
    return _labels("categories_juridiques.json")


def size_band_label(code: str) -> str | None:
    """The French label of a size band (*tranche d'effectif*, two characters), or None."""
    return _labels("tranches_effectifs.json").get(code)


def size_bands() -> Mapping[str, str]:
    """The 16 size bands, code to label."""
    return _labels("tranches_effectifs.json")


def department_label(code: str) -> str | None:
    """The name of a department or overseas territory (``31``, ``2A``, ``974``), or None."""
    return _labels("departements.json").get(code)


def region_label(code: str) -> str | None:
    """The name of a region (two digits), or None."""
    return _labels("regions.json").get(code)


def department_of_commune(code: str) -> str | None:
    """The department of a commune, from its Insee code (``31555`` gives ``31``, ``97411`` gives ``974``), or None.

    The postcode would not do: a few communes are served by the post office of a neighbouring department.
    """
    department = code[:3] if code[:2] in {"97", "98"} else code[:2]
    return department if department_label(department) is not None else None
