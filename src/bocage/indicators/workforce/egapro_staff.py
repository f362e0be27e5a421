"""The staff that the Index counts: who, in which group, at what full-time pay."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bocage.indicators.workforce.ages import AGE_BANDS, tenures
from bocage.indicators.workforce.assembling import Workforce
from bocage.indicators.workforce.chains import NOT_EMPLOYEES
from bocage.indicators.workforce.hourly_pay import CATEGORIES
from bocage.indicators.workforce.pay import BASE, GROSS, PAID, QUOTA_HOURS
from bocage.indicators.workforce.presence import WORK_STUDY

OVERTIME = ("017", "018")
LEFT_OUT_PREMIUMS = (
    *(f"{kind:03d}" for kind in range(1, 20)),
    *("021", "022", "023", "025", "029", "030", "032", "033", "045", "055"),
)
"""52.001: end of contract, precarity, non-competition, time savings account. Premiums of seniority and hardship have no
code of their own: they stay in."""
EXPATRIATE = "02"
MATERNITY = ("02", "09")


@dataclass(frozen=True, slots=True)
class Counted:
    """One person counted, without a name. ``pay``: euros a year at full time."""

    sex: str
    category: str | None
    band: str | None
    pay: Decimal
    raised: bool | None
    """Whether the base pay at the end is above that at the start; None when one is unknown."""
    moved: bool
    """Whether the status or the place in the collective agreement changed in the period: perhaps a promotion."""
    raised_after_leave: bool | None
    """For a woman back from maternity or adoption leave in the period."""


def counted_staff(workforce: Workforce) -> list[Counted]:
    """Everyone counted: no apprentice, contrat de professionnalisation nor expatriate, nobody away for more than half
    of the period. Staff supplied by another company stand in the DSN of that company."""
    shares, pays, bases = _full_time_shares(workforce), _pays(workforce), _bases(workforce)
    bands = _bands(workforce)
    leaves, moved = _returns(workforce), _moved(workforce)
    staff = []
    for pid, sex, status in _eligible(workforce):
        share = shares.get(pid)
        if not share or pid not in pays or sex is None:
            continue
        base = bases.get(pid, [])
        staff.append(
            Counted(
                sex,
                CATEGORIES.get(status or ""),
                bands.get(pid),
                pays[pid] / share * 12,
                base[-1][1] > base[0][1] if len(base) > 1 else None,
                pid in moved,
                _raised_after(base, leaves[pid]) if pid in leaves and sex == "F" else None,
            )
        )
    return staff


def _eligible(workforce: Workforce) -> list[tuple[Any, ...]]:
    """(pid, sex, status) of the persons really there for half of the period at least."""
    period = workforce.period
    return workforce.connection.execute(
        """
        WITH kept_contracts AS (
            SELECT c.chain, c.pid, c.start, c."end", h.last.status AS status
            FROM chains c JOIN (
                SELECT chain, arg_max({'status': status, 'scheme': scheme, 'abroad': abroad}, valid_from) AS last
                FROM history WHERE valid_from <= $2 GROUP BY chain
            ) h USING (chain)
            WHERE c.employee AND NOT list_contains($3::VARCHAR[], coalesce(h.last.scheme, ''))
                AND coalesce(h.last.abroad, '') <> $4 AND c.nature NOT IN ('03', '08')
        ), there AS (
            SELECT pid, sum(greatest(date_diff('day', greatest(start, $1), least(coalesce("end", $2), $2)) + 1, 0))
                   AS days,
                   arg_max(status, start) AS status
            FROM kept_contracts GROUP BY pid
        ), stopped AS (
            SELECT pid, sum(days) AS days FROM stops SEMI JOIN kept_contracts USING (chain)
            WHERE motive NOT IN ('15', '16', '17', '18') GROUP BY pid
        ), suspended AS (
            SELECT pid, sum(greatest(date_diff('day', greatest(start, $1), least(coalesce("end", $2), $2)) + 1, 0))
                   AS days
            FROM (
                SELECT r.pid, s.start, arg_max(s."end", r.seq) AS "end", arg_max(s.motive, r.seq) AS motive
                FROM facts_suspensions s JOIN rows r USING (contract) SEMI JOIN kept_contracts USING (chain)
                GROUP BY r.pid, s.start
            ) WHERE motive IS DISTINCT FROM '998' AND motive IS DISTINCT FROM '200' GROUP BY pid
        )
        SELECT t.pid, p.sex, t.status FROM there t JOIN persons p USING (pid)
        LEFT JOIN stopped s USING (pid) LEFT JOIN suspended u USING (pid)
        WHERE 2 * (t.days - coalesce(s.days, 0) - coalesce(u.days, 0)) >= date_diff('day', $1, $2) + 1
        ORDER BY t.pid
        """,
        [period.start, period.end, list(WORK_STUDY), EXPATRIATE],
    ).fetchall()


def _full_time_shares(workforce: Workforce) -> dict[int, Decimal]:
    """Person → months paid at full time: what was paid over the full-time quantity of the contract, same unit.

    Overtime is in the hours paid: it is taken off them, as its pay is off the pay.
    """
    period = workforce.period
    rows = workforce.connection.execute(
        """
        WITH paid AS (
            SELECT contract, month, unit, quantity FROM facts_hours WHERE kind = $1
            UNION ALL
            SELECT p.contract, p.month, c.unit, -p.hours FROM facts_pay p JOIN facts_contracts c USING (contract)
            WHERE list_contains($5::VARCHAR[], p.kind) AND p.hours IS NOT NULL
                AND list_contains($6::VARCHAR[], c.unit)
        )
        SELECT r.pid, c.reference, sum(h.quantity) FROM paid h JOIN rows r USING (contract)
        JOIN facts_contracts c USING (contract)
        WHERE h.unit = c.unit AND c.reference > 0 AND h.month BETWEEN $2 AND $3
            AND NOT list_contains($4::VARCHAR[], coalesce(c.nature, ''))
        GROUP BY r.pid, c.reference
        """,
        [PAID, period.start, period.end, list(NOT_EMPLOYEES), list(OVERTIME), list(QUOTA_HOURS)],
    ).fetchall()
    shares: dict[int, Decimal] = defaultdict(Decimal)
    for pid, reference, quantity in rows:
        shares[pid] += Decimal(quantity) / Decimal(reference)
    return shares


def _pays(workforce: Workforce) -> dict[int, Decimal]:
    """Person → gross pay of the period, without overtime and what the Index leaves out."""
    period = workforce.period
    rows = workforce.connection.execute(
        """
        WITH lines AS (
            SELECT contract, CASE WHEN kind = $1 THEN amount ELSE -amount END AS amount FROM facts_pay
            WHERE (kind = $1 OR list_contains($2::VARCHAR[], kind)) AND month BETWEEN $3 AND $4
            UNION ALL
            SELECT contract, -amount FROM facts_extras
            WHERE block = '52' AND list_contains($5::VARCHAR[], kind) AND month BETWEEN $3 AND $4
        )
        SELECT r.pid, sum(l.amount) FROM lines l JOIN rows r USING (contract) JOIN facts_contracts c USING (contract)
        WHERE NOT list_contains($6::VARCHAR[], coalesce(c.nature, '')) GROUP BY r.pid
        """,
        [GROSS, list(OVERTIME), period.start, period.end, list(LEFT_OUT_PREMIUMS), list(NOT_EMPLOYEES)],
    ).fetchall()
    return {pid: Decimal(amount) for pid, amount in rows}


def _bases(workforce: Workforce) -> dict[int, list[tuple[date, Decimal]]]:
    """Person → (month, base pay for a unit of quota), whole months, ascending."""
    period = workforce.period
    rows = workforce.connection.execute(
        """
        SELECT r.pid, p.month, sum(p.amount), sum(c.quota) FROM facts_pay p JOIN rows r USING (contract)
        JOIN facts_contracts c USING (contract)
        WHERE p.kind = $1 AND p.start <= p.month AND p."end" >= last_day(p.month) AND c.quota > 0 AND p.amount > 0
            AND p.month = r.month AND p.month BETWEEN $2 AND $3
        GROUP BY r.pid, p.month ORDER BY r.pid, p.month
        """,
        [BASE, period.start, period.end],
    ).fetchall()
    bases: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pid, month, amount, quota in rows:
        bases[pid].append((month, (Decimal(amount) / Decimal(quota)).quantize(Decimal("0.0001"))))
    return bases


def _bands(workforce: Workforce) -> dict[int, str]:
    if not workforce.has_last_month:
        return {}
    return {
        person.pid: name
        for person in tenures(workforce.connection, workforce.period.end)
        for name, low, high in AGE_BANDS
        if person.age is not None and low <= person.age <= high
    }


def _moved(workforce: Workforce) -> set[int]:
    """The persons of whom a contract has had several statuses or places in its collective agreement in the period."""
    period = workforce.period
    rows = workforce.connection.execute(
        """
        SELECT DISTINCT pid FROM (
            SELECT c.pid, h.chain FROM history h JOIN chains c USING (chain)
            WHERE h.valid_from <= $2 AND h.valid_to >= $1
            GROUP BY c.pid, h.chain HAVING count(DISTINCT {'status': h.status, 'position': h.position}) > 1
        )
        """,
        [period.start, period.end],
    ).fetchall()
    return {row[0] for row in rows}


def _returns(workforce: Workforce) -> dict[int, tuple[date, date]]:
    """Person → first and last day away, for the leaves that end in the period and are followed by a return."""
    period = workforce.period
    rows = workforce.connection.execute(
        """
        SELECT pid, min(last_worked), max(last_worked + days::INTEGER) FROM stops
        WHERE list_contains($1::VARCHAR[], motive) AND days > 0
        GROUP BY pid HAVING max(last_worked + days::INTEGER) < $2
        """,
        [list(MATERNITY), period.end],
    ).fetchall()
    return {pid: (first, last) for pid, first, last in rows}


def _raised_after(base: list[tuple[date, Decimal]], leave: tuple[date, date]) -> bool | None:
    before = [amount for month, amount in base if month <= leave[0]]
    after = [amount for month, amount in base if month > leave[1]]
    return max(after) > before[-1] if before and after else None
