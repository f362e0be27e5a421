"""Carbon referentials: the account map, the branches of traders, monetary ratios and physical factors.

Sources, licences and known anomalies: ``README.md`` in this folder. Everything is dated and frozen; a newer release is
a new file and a new version.
"""

from bocage.referentials.carbon.accounts import MapRow, SupplierRule, TraderRule, account_map, supplier_rule
from bocage.referentials.carbon.factors import VERSION, Factor, FactorPart, factor, factors_of_use
from bocage.referentials.carbon.ratios import RATIO_YEARS, Ratio, ratio

__all__ = [
    "RATIO_YEARS",
    "VERSION",
    "Factor",
    "FactorPart",
    "MapRow",
    "Ratio",
    "SupplierRule",
    "TraderRule",
    "account_map",
    "factor",
    "factors_of_use",
    "ratio",
    "supplier_rule",
]
