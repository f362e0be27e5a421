"""The DSN norm as data: one dictionary per version, the block trees, the list of controls.

Source: NEODeS, GIP-MDS; cross-checked with open-neodes (Apache-2.0). See README.md beside the data.
The order of the rubriques inside a block is the order of a message: it carries meaning and is kept.
"""

from bocage.referentials.dsn.norm import (
    KNOWN_VERSIONS,
    BlockRule,
    Control,
    Norm,
    Rubrique,
    all_controls,
    end_reasons,
    load_norm,
    nearest_version,
)

__all__ = [
    "KNOWN_VERSIONS",
    "BlockRule",
    "Control",
    "Norm",
    "Rubrique",
    "all_controls",
    "end_reasons",
    "load_norm",
    "nearest_version",
]
