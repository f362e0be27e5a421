"""Every check: its code, its weight, the verdict that it serves. The words are in ``bocage/wording/fec.toml``.

Adding a check is one line here, one function in ``checks/`` and two sentences in the wording; a test asks for all
three.
"""

from dataclasses import dataclass
from types import MappingProxyType

from bocage.findings import Severity, Verdict

_SEVERITY = {"B": Severity.BLOCKING, "E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}
_VERDICT = {"X": Verdict.EXPLOITABLE, "C": Verdict.CONFORME, "K": Verdict.CONTROLE, "C/K": Verdict.CONTROLE}


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``either``: conforme when the tester refuses the file for it, else controle (C/K)."""

    code: str
    severity: Severity
    verdict: Verdict
    counts: str
    """What ``count`` counts: file, header, lines, values, copies, entries, numbers, missing, accounts, groups,
    journals, pairs."""
    tester: str
    """Checks of the official tester that it answers to, or ``-``."""
    either: bool


_WORDS = {
    "F": "file", "H": "header", "L": "lines", "V": "values", "R": "copies", "E": "entries", "N": "numbers",
    "M": "missing", "A": "accounts", "G": "groups", "J": "journals", "D": "pairs",
}  # fmt: skip

_TABLE = """
FILE-01 B X F T06
FILE-02 E C F T02
FILE-03 W K F -
FILE-04 W K F -
FILE-05 W K F -
FILE-06 B X F T14
FILE-07 B X F T06
FILE-08 W C F T06
FILE-09 I K F -
FILE-10 I K F -
FILE-11 W K F -
FILE-12 W K F -
FILE-13 B X L T16
FILE-14 B X F T06
FILE-15 B X F T06
FILE-16 E C F T06
ENC-01 W K L T11,T15
ENC-02 W K L -
ENC-03 I K F -
SEP-01 E C F T06
SEP-02 W K L T07
EOL-01 E C L T03,T11
EOL-02 E C/K L T03
EOL-03 I K F -
HDR-01 B X F T06,T10
HDR-02 E C H T10,T11
HDR-03 E K H -
HDR-04 I K H T09
HDR-05 E C/K H DUP
HDR-06 I K H T12
HDR-07 E K H T12
HDR-08 I K F -
HDR-09 E C H T11
HDR-10 B X H T10
HDR-11 E C F T06
ROW-01 E C/K L T16
ROW-02 E C L T15,T17
ROW-03 E C L T15,T16,T17
ROW-04 E C F T10
ROW-05 W K R -
ROW-06 I K F T08
ROW-07 B X L T16
MAND-01 E C V T17
MAND-02 E C V T18
MAND-03 W K V -
NUM-01 E C V T22
NUM-02 E C V T20
NUM-03 I K L -
NUM-04 I K V -
NUM-05 W K V -
NUM-06 W K L T27
NUM-07 I K L T27
NUM-08 E C V T13
NUM-09 E C V T21,T22
NUM-10 I K V -
NUM-11 W K V -
DATE-01 E C V T23,T26
DATE-02 E K L -
DATE-03 W K L -
DATE-04 W K L -
DATE-05 E C/K L T18
DATE-06 I K F -
DATE-07 I K L -
DATE-08 I K L -
DATE-09 W K L -
DATE-10 W K V T26
DATE-11 E K V T23
DATE-12 W K V T25
DATE-13 W K V T24
ENT-01 E K E -
ENT-02 E K F -
ENT-03 W K E -
ENT-04 I K E -
ENT-05 I K F -
ENT-06 W K E -
ENT-07 W K E -
ENT-08 I K J -
ALT-01 W K N -
ALT-02 W K N -
ALT-03 W K N -
ALT-04 I K N -
ALT-05 I K N -
ALT-06 I K N -
SEQ-01 W K M -
SEQ-02 I K J -
SEQ-03 W K L -
SEQ-04 W K L -
SEQ-05 W K F -
AN-01 W K L -
AN-02 W K F -
AN-03 W K A -
AN-04 I K A -
AN-05 I K F -
CLO-01 E K E -
CLO-02 W K E -
ACC-01 E K A T19
ACC-02 W K A -
ACC-03 W K A -
ACC-04 I K A -
ACC-05 I K F -
ACC-06 I K A -
ACC-07 I K A -
ACC-08 I K F -
AUX-01 W K L -
AUX-02 I K L -
AUX-03 I K L -
LET-01 W K L -
LET-02 W K G -
CUR-01 W K L -
CUR-02 W K L -
CUR-03 I K L -
VAT-01 I K E -
XML-01 B X F X02
XML-02 E C F X01,X02
XML-03 E C L X03
XML-04 E C L X03
XML-05 E C L X03
XML-06 E C V X03
AUD-01 I K F -
AUD-02 I K F -
AUD-03 I K E -
AUD-04 I K L -
AUD-05 I K D -
AUD-06 I K L -
AUD-07 I K A -
AUD-08 I K L -
AUD-09 I K L -
"""


def _read(line: str) -> Check:
    code, severity, verdict, counts, tester = line.split()
    return Check(code, _SEVERITY[severity], _VERDICT[verdict], _WORDS[counts], tester, verdict == "C/K")


CHECKS = MappingProxyType({check.code: check for check in map(_read, _TABLE.strip().splitlines())})
"""Every check by its code, in the order of the documentation."""
