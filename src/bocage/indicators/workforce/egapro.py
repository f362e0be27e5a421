"""The Index de l'égalité professionnelle, as far as a DSN can tell (code du travail, L1142-8 and D1142-2).

Indicator 1 and 5 come whole from the DSN. Raises are read from the base pay; promotions are not declared, so
indicator 2 is an estimate on raises alone and indicator 3 cannot be computed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bocage.indicators.workforce.assembling import Workforce
from bocage.indicators.workforce.egapro_staff import Counted, counted_staff
from bocage.indicators.workforce.exact import rounded, rounded_decimal
from bocage.indicators.workforce.hiding import SMALLEST_GROUP
from bocage.referentials.egapro import Scale, highest, points

SMALLEST_COMPANY = 50
LARGE_COMPANY = 250
SMALLEST_SIDE = 3
"""Women, and men, that a group needs."""
VALID_SHARE = Decimal("0.4")
"""Of the staff counted, what valid groups must hold."""
RELEVANCE = Decimal(5)
"""Points taken off the gap of each group, never through zero (groups by socio-professional category)."""
TOP = 10
COMPUTABLE = 75
"""Points that the computable indicators must hold for a total to exist."""
RETURN_POINTS = 15


@dataclass(frozen=True, slots=True)
class Indicator:
    """``earned`` None: not computable, or hidden (``reason``). ``value`` is the gap, the share or the number."""

    number: int
    value: Decimal | None
    earned: int | None
    highest: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Egapro:
    """``index`` on 100, None when it cannot be told (``reason``)."""

    counted: int
    """Staff counted, exclusions made."""
    indicators: tuple[Indicator, ...]
    index: int | None
    reason: str | None


def egapro(workforce: Workforce) -> Egapro:
    """The estimate for the period (twelve months for the Index itself)."""
    staff = counted_staff(workforce)
    if len(staff) < SMALLEST_COMPANY:
        return Egapro(len(staff), (), None, "under_50_employees")
    indicators = (_pay_gap(staff), _raises(staff), _promotions(staff), _returns(staff), _best_paid(staff))
    held = [found for found in indicators if found.earned is not None]
    most = sum(found.highest for found in held)
    if most < COMPUTABLE:
        return Egapro(len(staff), indicators, None, "too_few_points")
    earned = sum(found.earned or 0 for found in held)
    return Egapro(len(staff), indicators, int(rounded(Decimal(earned) * 100 / most, 0)), "estimate")


def _groups(staff: Sequence[Counted]) -> Mapping[tuple[str, str], Mapping[str, list[Counted]]]:
    groups: dict[tuple[str, str], dict[str, list[Counted]]] = defaultdict(lambda: {"F": [], "M": []})
    for person in staff:
        if person.category is not None and person.band is not None:
            groups[person.category, person.band][person.sex].append(person)
    return groups


def _pay_gap(staff: Sequence[Counted]) -> Indicator:
    top = highest("pay_gap")
    valid = [sides for sides in _groups(staff).values() if min(map(len, sides.values())) >= SMALLEST_SIDE]
    held = sum(len(sides["F"]) + len(sides["M"]) for sides in valid)
    if held < VALID_SHARE * len(staff) or not held:
        return Indicator(1, None, None, top, "groups_too_small")
    total = Decimal(0)
    for sides in valid:
        women, men = (sum((person.pay for person in sides[sex]), Decimal(0)) / len(sides[sex]) for sex in "FM")
        gap = (men - women) / men * 100 if men else Decimal(0)
        relevant = max(abs(gap) - RELEVANCE, Decimal(0)).copy_sign(gap)
        total += relevant * (len(sides["F"]) + len(sides["M"]))
    gap = rounded_decimal(total / held, 1)
    return Indicator(1, gap, points("pay_gap", gap), top)


def _raises(staff: Sequence[Counted]) -> Indicator:
    """Gap in the share of persons whose base pay rose; up to 250 employees the better of points and persons."""
    large = len(staff) > LARGE_COMPANY
    scale: Scale = "raises_large" if large else "raises_and_promotions"
    known = {sex: [person for person in staff if person.sex == sex and person.raised is not None] for sex in "FM"}
    if min(map(len, known.values())) < SMALLEST_GROUP:
        return Indicator(2, None, None, highest(scale), "groups_too_small")
    shares = {
        sex: Decimal(sum(bool(person.raised) for person in side)) * 100 / len(side) for sex, side in known.items()
    }
    if not any(shares.values()):
        return Indicator(2, None, None, highest(scale), "no_raise")
    gap = rounded_decimal(abs(shares["M"] - shares["F"]), 1)
    earned = points(scale, gap)
    if not large:
        persons = rounded_decimal(gap * min(map(len, known.values())) / 100, 1)
        earned = max(earned, points(scale, persons))
    return Indicator(2, gap, earned, highest(scale), "raises_only")


def _promotions(staff: Sequence[Counted]) -> Indicator:
    reason = "promotions_unknown" if len(staff) > LARGE_COMPANY else "not_applicable"
    return Indicator(3, None, None, highest("promotions_large"), reason)


def _returns(staff: Sequence[Counted]) -> Indicator:
    """Share of the women back from maternity leave whose base pay rose after their return."""
    back = [person for person in staff if person.raised_after_leave is not None]
    if not back:
        return Indicator(4, None, None, RETURN_POINTS, "no_return")
    if len(back) < SMALLEST_GROUP:
        return Indicator(4, None, None, RETURN_POINTS, "small_group")
    raised = sum(bool(person.raised_after_leave) for person in back)
    share = rounded(Decimal(raised) * 100 / len(back), 1)
    return Indicator(4, share, RETURN_POINTS if raised == len(back) else 0, RETURN_POINTS)


def _best_paid(staff: Sequence[Counted]) -> Indicator:
    best = sorted(staff, key=lambda person: person.pay, reverse=True)[:TOP]
    sexes = Counter(person.sex for person in best)
    fewer = min(sexes["F"], sexes["M"])
    return Indicator(5, Decimal(fewer), points("best_paid", fewer), highest("best_paid"))
