"""The Index de l'égalité professionnelle, as far as a DSN can tell (code du travail, L1142-8 and D1142-2).

Who owes it is said by the legal headcount; what is computed, by the staff counted. Indicators 1 and 5 come whole from
the DSN. Raises are read from the base pay, collective ones with the others. Promotions are not declared: a change of
status or of place in the collective agreement stands for one, to be read, never to be counted in points.

A gap is judged by its size; which sex it favours matters too: a gap in raises that favours the sex paid less earns
all the points.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bocage.indicators.workforce.assembling import Workforce
from bocage.indicators.workforce.egapro_staff import Counted, counted_staff
from bocage.indicators.workforce.exact import rounded, rounded_decimal
from bocage.indicators.workforce.hiding import is_small
from bocage.indicators.workforce.legal_headcount import legal_headcount
from bocage.referentials.egapro import highest, points

SMALLEST_COMPANY = 50
LARGE_COMPANY = 250
"""Above it, raises and promotions are two indicators, by category."""
SMALLEST_SIDE = 3
"""Women, and men, that a group of indicator 1 needs."""
SMALLEST_RAISED = 5
"""Women, and men, that indicator 2 needs up to 250 employees."""
SMALLEST_RAISE_SIDE = 10
"""Women, and men, that a category of indicators 2 and 3 needs above 250 employees."""
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
    """``earned`` None: not computable, not countable, or hidden (``reason``). ``value``: gap, share or number, ≥ 0."""

    number: int
    value: Decimal | None
    earned: int | None
    highest: int
    reason: str | None = None
    favours: str | None = None
    """The sex that a gap favours, F or M."""


@dataclass(frozen=True, slots=True)
class Egapro:
    """``index`` on 100, None when it cannot be told (``reason``)."""

    headcount: Decimal | None
    """Legal headcount, which says whether the Index is due."""
    counted: int
    """Staff counted, exclusions made."""
    indicators: tuple[Indicator, ...]
    index: int | None
    reason: str


def egapro(workforce: Workforce) -> Egapro:
    """The estimate for the period (twelve months for the Index itself)."""
    headcount = legal_headcount(workforce.connection, workforce.months).year
    staff = counted_staff(workforce)
    if headcount is None or headcount < SMALLEST_COMPANY:
        return Egapro(headcount, len(staff), (), None, "under_50_employees")
    large = headcount > LARGE_COMPANY
    gap = _pay_gap(staff)
    others = _raises(staff, gap, large=large), _promotions(staff, large=large), _returns(staff), _best_paid(staff)
    indicators = (gap, *others)
    held = [found for found in indicators if found.earned is not None]
    most = sum(found.highest for found in held)
    if most < COMPUTABLE:
        return Egapro(headcount, len(staff), indicators, None, "too_few_points")
    earned = sum(found.earned or 0 for found in held)
    hidden = any(found.reason == "small_group" for found in indicators)
    reason = "estimate_without_hidden" if hidden else "estimate"
    return Egapro(headcount, len(staff), indicators, int(rounded(Decimal(earned) * 100 / most, 0)), reason)


type _Group = Mapping[str, list[Counted]]


def _groups(staff: Sequence[Counted], *, by_age: bool) -> Sequence[_Group]:
    groups: dict[tuple[str, ...], dict[str, list[Counted]]] = defaultdict(lambda: {"F": [], "M": []})
    for person in staff:
        if person.category is not None and (person.band is not None or not by_age):
            groups[(person.category, *((person.band or "",) if by_age else ()))][person.sex].append(person)
    return list(groups.values())


def _weighed(groups: Sequence[tuple[_Group, Decimal]], staff: Sequence[Counted]) -> Decimal | None:
    """The mean of the gaps by the size of the groups; None when they hold too few of the staff."""
    sizes = [len(group["F"]) + len(group["M"]) for group, _ in groups]
    if not groups or sum(sizes) < VALID_SHARE * len(staff):
        return None
    return sum((gap * size for (_, gap), size in zip(groups, sizes, strict=True)), Decimal(0)) / sum(sizes)


def _favoured(gap: Decimal) -> str | None:
    return "M" if gap > 0 else "F" if gap < 0 else None


def _pay_gap(staff: Sequence[Counted]) -> Indicator:
    top = highest("pay_gap")
    valid = [sides for sides in _groups(staff, by_age=True) if min(map(len, sides.values())) >= SMALLEST_SIDE]
    total = _weighed([(sides, _relevant(sides)) for sides in valid], staff)
    if total is None:
        return Indicator(1, None, None, top, "groups_too_small")
    gap = rounded_decimal(abs(total), 1)
    earned = points("pay_gap", gap)
    return Indicator(1, gap, earned, top, favours=_favoured(total) if earned < top else None)


def _relevant(sides: _Group) -> Decimal:
    women, men = (sum((person.pay for person in sides[sex]), Decimal(0)) / len(sides[sex]) for sex in "FM")
    gap = (men - women) / men * 100 if men else Decimal(0)
    return max(abs(gap) - RELEVANCE, Decimal(0)).copy_sign(gap)


def _raises(staff: Sequence[Counted], pay: Indicator, *, large: bool) -> Indicator:
    """Gap in the share of persons whose base pay rose; all the points when it favours the sex paid less."""
    known = [person for person in staff if person.raised is not None]
    found = _raises_by_category(known, staff) if large else _raises_of_all(known)
    if found.earned is None or not (pay.favours and found.favours and pay.favours != found.favours):
        return found
    return replace(found, earned=found.highest)


def _raises_of_all(known: Sequence[Counted]) -> Indicator:
    """From 50 to 250 employees: one gap for all, the better of its points and of those of the persons that it makes."""
    top = highest("raises_and_promotions")
    sides = {sex: [person for person in known if person.sex == sex] for sex in "FM"}
    smallest = min(map(len, sides.values()))
    if smallest < SMALLEST_RAISED:
        return Indicator(2, None, None, top, "groups_too_small")
    if not any(person.raised for person in known):
        return Indicator(2, None, None, top, "no_raise")
    signed = _share(sides["M"], "raised") - _share(sides["F"], "raised")
    gap = rounded_decimal(abs(signed), 1)
    persons = rounded_decimal(gap * smallest / 100, 1)
    earned = max(points("raises_and_promotions", gap), points("raises_and_promotions", persons))
    return Indicator(2, gap, earned, top, "raises_only", _favoured(signed))


def _raises_by_category(known: Sequence[Counted], staff: Sequence[Counted]) -> Indicator:
    top = highest("raises_large")
    if not any(person.raised for person in known):
        return Indicator(2, None, None, top, "no_raise")
    signed = _gap_by_category(known, staff, "raised")
    if signed is None:
        return Indicator(2, None, None, top, "groups_too_small")
    gap = rounded_decimal(abs(signed), 1)
    return Indicator(2, gap, points("raises_large", gap), top, "raises_only", _favoured(signed))


def _gap_by_category(known: Sequence[Counted], staff: Sequence[Counted], what: str) -> Decimal | None:
    valid = [sides for sides in _groups(known, by_age=False) if min(map(len, sides.values())) >= SMALLEST_RAISE_SIDE]
    return _weighed([(sides, _share(sides["M"], what) - _share(sides["F"], what)) for sides in valid], staff)


def _share(side: Sequence[Counted], what: str) -> Decimal:
    """In %, of those for whom ``what`` (raised, moved) is true."""
    return Decimal(sum(bool(getattr(person, what)) for person in side)) * 100 / len(side)


def _promotions(staff: Sequence[Counted], *, large: bool) -> Indicator:
    top = highest("promotions_large")
    if not large:
        return Indicator(3, None, None, top, "not_applicable")
    signed = _gap_by_category(staff, staff, "moved")
    if signed is None:
        return Indicator(3, None, None, top, "promotions_unknown")
    return Indicator(3, rounded_decimal(abs(signed), 1), None, top, "promotions_proxy", _favoured(signed))


def _returns(staff: Sequence[Counted]) -> Indicator:
    """Share of the women back from maternity leave whose base pay rose after their return."""
    back = [person for person in staff if person.raised_after_leave is not None]
    if not back:
        return Indicator(4, None, None, RETURN_POINTS, "no_return")
    if is_small(len(back)):
        return Indicator(4, None, None, RETURN_POINTS, "small_group")
    raised = sum(bool(person.raised_after_leave) for person in back)
    share = rounded(Decimal(raised) * 100 / len(back), 1)
    return Indicator(4, share, RETURN_POINTS if raised == len(back) else 0, RETURN_POINTS)


def _best_paid(staff: Sequence[Counted]) -> Indicator:
    best = sorted(staff, key=lambda person: person.pay, reverse=True)[:TOP]
    if len(best) < TOP:
        return Indicator(5, None, None, highest("best_paid"), "groups_too_small")
    sexes = Counter(person.sex for person in best)
    fewer = min(sexes["F"], sexes["M"])
    favours = {True: "M", False: "F"}[sexes["M"] > sexes["F"]] if sexes["M"] != sexes["F"] else None
    return Indicator(5, Decimal(fewer), points("best_paid", fewer), highest("best_paid"), favours=favours)
