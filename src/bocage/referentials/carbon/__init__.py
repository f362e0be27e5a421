"""Carbon referentials: the account map, the branches of traders, monetary ratios and physical factors.

Sources, licences and known anomalies: ``README.md`` in this folder. Everything is dated and frozen; a newer release is
a new file and a new version.
"""

from bocage.referentials.carbon.accounts import MapRow, SupplierRule, TraderRule, account_map, supplier_rule
from bocage.referentials.carbon.base_carbone import Extract, NotARelease, pack, read_lines, read_official_csv, unpack
from bocage.referentials.carbon.factors import VERSION, Factor, FactorPart
from bocage.referentials.carbon.ratios import Ratio
from bocage.referentials.carbon.releases import LICENCE, Release, release_of, shipped, version_key, version_named

__all__ = [
    "LICENCE",
    "VERSION",
    "Extract",
    "Factor",
    "FactorPart",
    "MapRow",
    "NotARelease",
    "Ratio",
    "Release",
    "SupplierRule",
    "TraderRule",
    "account_map",
    "pack",
    "read_lines",
    "read_official_csv",
    "release_of",
    "shipped",
    "supplier_rule",
    "unpack",
    "version_key",
    "version_named",
]
