"""The obligation to employ disabled workers: who owes what (code du travail, L5212-1 and following).

``rates.csv``: hours of SMIC due for each missing unit, from a headcount on. Facts of public law.
"""

from fractions import Fraction

from bocage.referentials.loader import read_rows

QUOTA = Fraction(6, 100)
SENIOR_AGE = 50
SENIOR_WEIGHT = Fraction(3, 2)
"""A beneficiary of 50 or more counts one and a half."""


def smic_hours(headcount: Fraction) -> int | None:
    """Hours of SMIC due for each missing unit; None below the first headcount that owes anything."""
    due = None
    for row in read_rows(__package__, "rates.csv"):
        if headcount >= int(row["from_headcount"]):
            due = int(row["smic_hours"])
    return due
