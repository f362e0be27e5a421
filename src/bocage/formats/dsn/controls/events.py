"""Controls of what happens to a contract: 60 and 66 (stops), 62 and 63 (end and notice), 65 (suspensions), 45."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from bocage.formats.dsn.controls.base import (
    DAYS,
    Holds,
    Rule,
    RunRule,
    among,
    by_file_date,
    by_month_end,
    codes,
    day,
    in_order,
    present_iff,
    required,
    rule,
    run_rule,
    split_id,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.contracts import CANCELLED_END, real_ends
from bocage.formats.dsn.tree import Block
from bocage.referentials.dsn import end_reasons

_CANCELLED_STOP = "99"
_CANCELLED_SUSPENSION = "998"
_THERAPEUTIC = codes("15 16 17 18")
_FULL_DETAIL = codes("01 07")
_PRISON_NATURE = "50"


def _only_in_detail(short: str, values: str) -> Rule:
    """Values that a signal of stop or resumption may not carry."""
    _, number = split_id(short)
    concerned = codes(values)
    return rule(short, number, lambda b, c: b.values[number] not in concerned or c.nature in _FULL_DETAIL)


def _from_contract_start(short: str) -> Rule:
    """The date is not before the start of the contract."""
    _, number = split_id(short)

    def holds(b: Block, _: Context) -> bool:
        start, value = day(b.parent, "001") if b.parent else None, DAYS[b.values[number]]
        return start is None or value is None or value >= start

    return rule(short, number, holds)


def _until_contract_end(short: str, date_number: str, cancelled: str) -> Rule:
    """The date is not after the end of the contract, unless the event is cancelled."""

    def holds(b: Block, _: Context) -> bool:
        value = DAYS[b.values[date_number]]
        if value is None or b.values["001"] == cancelled or b.parent is None:
            return True
        return all((end := day(block, "001")) is None or value <= end for block in real_ends(b.parent))

    return rule(short, f"001 {date_number}", holds)


def _stop_after_start_in_detail(b: Block, c: Context) -> bool:
    motif = b.values["001"]
    exempt = motif == _CANCELLED_STOP or motif in _THERAPEUTIC or b.get("011") == "02"
    if c.nature not in _FULL_DETAIL or exempt or b.parent is None or b.parent.get("007") == _PRISON_NATURE:
        return True
    start, last = day(b.parent, "001"), DAYS[b.values["002"]]
    return start is None or last is None or last >= start


def _stop_after_start_in_signal(b: Block, c: Context) -> bool:
    start, last = day(b.parent, "001") if b.parent else None, DAYS[b.values["002"]]
    return c.nature in _FULL_DETAIL or start is None or last is None or last >= start


def _resumption_after_stop(b: Block, _: Context) -> bool:
    resumed, last = DAYS[b.values["010"]], day(b, "002")
    start = day(b.parent, "001") if b.parent else None
    return resumed is None or all(before is None or resumed >= before for before in (last, start))


def _detailed_therapeutic(b: Block, _: Context) -> bool:
    return b.values["001"] not in _THERAPEUTIC or bool(b.of("S21.G00.66"))


def _of_contract(block: Block, number: str) -> str | None:
    """A rubrique of the contract that a block 62 ends."""
    return block.parent.get(number) if block.parent else None


def _reason_suits_contract(b: Block, _: Context) -> bool:
    allowed = end_reasons().get(b.values["002"])
    nature, scheme = _of_contract(b, "007"), _of_contract(b, "008")
    if allowed is None or nature is None:
        return True
    natures, by_scheme = allowed
    return nature in natures or (nature in by_scheme and (scheme is None or scheme in by_scheme[nature]))


def _with_reason(short: str, motifs: str) -> Rule:
    return required(short, among("002", motifs))


def _last_day_after_start(b: Block, _: Context) -> bool:
    last, end = DAYS[b.values["006"]], day(b, "001")
    start = day(b.parent, "001") if b.parent else None
    if last is None:
        return True
    if start is not None and last < start:
        return False
    return b.values["002"] == CANCELLED_END or end is None or last <= end


def _notified_during_contract(b: Block, _: Context) -> bool:
    notified, end = DAYS[b.values["003"]], day(b, "001")
    start = day(b.parent, "001") if b.parent else None
    if notified is None:
        return True
    return (start is None or notified >= start) and (end is None or notified <= end)


_NOTICE_AFTER_LAST_DAY = codes("02 03 10 50 51 61")


def _last_day_before_notice(b: Block, _: Context) -> bool:
    last = DAYS[b.values["006"]]
    starts = (day(n, "002") for n in b.of("S21.G00.63") if n.get("001") in _NOTICE_AFTER_LAST_DAY)
    return last is None or all(start is None or last < start for start in starts)


def _mission_end_has_last_day(b: Block, _: Context) -> bool:
    return _of_contract(b, "007") != "03"


def _user_reason_has_last_day(b: Block, _: Context) -> bool:
    return b.values["002"] == CANCELLED_END or _of_contract(b, "021") != "05"


def _casual_contract(block: Block) -> bool:
    return _of_contract(block, "007") in ("02", "10") and _of_contract(block, "021") == "05"


def _casual_end_declared(b: Block, _: Context) -> bool:
    return b.values["002"] == CANCELLED_END or not _casual_contract(b)


def _casual_end_suits(b: Block, _: Context) -> bool:
    if b.values["017"] != "01":
        return True
    return _casual_contract(b) and b.get("002") in ("031", "099") and "006" in b.numbers


_NO_REFUSAL = codes("01 07 08 09 10 20 21 29 32 50 51 52 53 54 60 70 80 81 82 89 90 91 92 93")


def _notice_type(motifs: str, types: str) -> Holds:
    concerned, wanted = codes(motifs), codes(types)

    def holds(b: Block, _: Context) -> bool:
        motif = b.parent.get("002") if b.parent else None
        return motif not in concerned or b.values["001"] in wanted

    return holds


def _months_later(ordinal: int, months: int) -> int:
    start = date.fromordinal(ordinal)
    index = start.year * 12 + start.month - 1 + months
    first_of_next = date(index // 12, index % 12 + 1, 1)
    last = date((index + 1) // 12, (index + 1) % 12 + 1, 1).toordinal() - 1
    return min(first_of_next.toordinal() + start.day - 1, last)


def _short_notice_of_reclassification(b: Block, _: Context) -> bool:
    motif = b.parent.get("002") if b.parent else None
    first, last = day(b, "002"), day(b, "003")
    if motif is None:
        return True
    if first is None or last is None:
        return b.values["001"] != "61" or motif == "114"
    short = motif == "114" and last < _months_later(first, 3)
    return (b.values["001"] == "61") == short


_DATED_NOTICES = "01 02 03 10 50 51 60 61"


def _notice_from(number: str, *, strict: bool) -> Holds:
    """The notice does not start before a date of the end of contract, but for type 90."""

    def holds(b: Block, _: Context) -> bool:
        start, limit = DAYS[b.values["002"]], day(b.parent, number) if b.parent else None
        if b.values["001"] == "90" or start is None or limit is None:
            return True
        return start > limit if strict else start >= limit

    return holds


def _notices_adjoin(c: Context) -> Iterable[Block]:
    for end in c.run.of("S21.G00.62"):
        dated = [(day(n, "002"), day(n, "003"), n) for n in end.of("S21.G00.63")]
        periods = sorted(
            ((first, last, n) for first, last, n in dated if first is not None and last is not None),
            key=lambda row: row[0],
        )
        for (_, before, _), (after, _, notice) in pairwise(periods):
            if after != before + 1:
                yield notice


def _notice_after_start(b: Block, _: Context) -> bool:
    contract = b.parent.parent if b.parent else None
    start, value = day(contract, "001") if contract else None, DAYS[b.values["002"]]
    return start is None or value is None or value >= start


def _hours_of_short_time(c: Context) -> Iterable[Block]:
    if any(pay.unsure("011") or pay.values["011"] in ("019", "025") for pay in c.run.of("S21.G00.51")):
        return []
    return [stop for stop in c.run.of("S21.G00.65") if stop.get("001") in ("507", "602")]


_NOTIFIED = "011 012 014 015 020 025 034 035 036 037 058 059 082 083 087 088 089 095 096 097 111 112 113 115 117"
_PROCEDURE = "011 012 014 015 020 026 086 087 088 089 091 092 093 111 112 113 114 115 117"
_ACCIDENTS = "04 05 06"
_NOT_IN_FCTU = codes("100 116 998 999")

RULES: tuple[Rule | RunRule, ...] = (
    _only_in_detail("60.001/CCH-12", "99"),
    _only_in_detail("60.001/CCH-14", "15 16 17 18"),
    rule("60.001/SIG-13", "001", _detailed_therapeutic),
    in_order("60.002/CCH-12", "002", "003"),
    rule("60.002/CCH-13", "001 002", _stop_after_start_in_detail),
    by_month_end("60.002/CCH-16"),
    _until_contract_end("60.002/CCH-17", "002", _CANCELLED_STOP),
    rule("60.002/CCH-18", "002", _stop_after_start_in_signal),
    by_file_date("60.002/SIG-14"),
    present_iff("60.005/CCH-11", among("004", "01")),
    by_file_date("60.005/SIG-12"),
    present_iff("60.006/CCH-11", among("004", "01")),
    in_order("60.006/CCH-12", "005", "006"),
    required("60.007/CCH-11", among("004", "01")),
    required("60.008/CCH-11", among("004", "01")),
    rule("60.010/CCH-11", "010", _resumption_after_stop),
    by_month_end("60.010/SIG-12"),
    by_file_date("60.010/SIG-13"),
    _only_in_detail("60.011/CCH-12", "02"),
    present_iff("60.012/CCH-11", among("001", _ACCIDENTS)),
    by_file_date("60.012/SIG-13"),
    _from_contract_start("60.012/SIG-14"),
    in_order("62.001/CCH-11", "004", "001", strict=True),
    by_month_end("62.001/SIG-13"),
    rule("62.002/CCH-11", "002", _reason_suits_contract),
    rule("62.002/CCH-12", "002", lambda b, c: b.values["002"] not in _NOT_IN_FCTU or c.nature != "07"),
    rule("62.002/CCH-13", "002", lambda b, c: b.values["002"] != CANCELLED_END or c.nature == "01"),
    rule("62.002/CCH-14", "002", lambda b, _: b.values["002"] != "116" or _of_contract(b, "020") in ("136", None)),
    rule("62.003/CCH-11", "003", _notified_during_contract),
    _with_reason("62.003/CCH-12", _NOTIFIED),
    _with_reason("62.004/CCH-11", "043 110 111"),
    in_order("62.005/CCH-11", "005", "001"),
    _with_reason("62.005/CCH-12", _PROCEDURE),
    rule("62.006/CCH-12", "006", _last_day_before_notice),
    rule("62.006/CCH-14", "", _mission_end_has_last_day, absent="006"),
    rule("62.006/CCH-15", "002 006", _last_day_after_start),
    rule("62.006/CCH-16", "002", _user_reason_has_last_day, absent="006"),
    present_iff("62.011/CCH-11", among("002", "026")),
    _with_reason("62.013/CCH-11", "026 114"),
    rule("62.017/CCH-11", "002", _casual_end_declared, absent="017"),
    rule("62.017/CCH-12", "017", _casual_end_suits),
    present_iff("62.018/CCH-11", among("002", "114")),
    rule("62.019/CCH-12", "019", lambda b, _: _of_contract(b, "020") in ("136", None)),
    rule("62.021/CCH-11", "021", lambda b, _: _of_contract(b, "007") not in _NO_REFUSAL),
    rule("63.001/CCH-11", "001", _notice_type("034 035", "60 90")),
    rule("63.001/CCH-12", "001", _notice_type("043 110", "90")),
    rule("63.001/CCH-13", "001", _notice_type("026", "10 90")),
    rule("63.001/CCH-14", "001", _short_notice_of_reclassification),
    present_iff("63.002/CCH-11", among("001", _DATED_NOTICES)),
    rule("63.002/CCH-13", "001 002", _notice_from("003", strict=False)),
    rule("63.002/CCH-14", "001 002", _notice_from("005", strict=True)),
    run_rule("63.002/CCH-15", "63", _notices_adjoin),
    rule("63.002/CCH-16", "002", _notice_after_start),
    in_order("63.003/CCH-13", "002", "003"),
    present_iff("63.003/CCH-14", among("001", _DATED_NOTICES)),
    run_rule("65.001/SIG-11", "65", _hours_of_short_time, natures="01"),
    _from_contract_start("65.002/CCH-11"),
    _until_contract_end("65.002/CCH-13", "002", _CANCELLED_SUSPENSION),
    by_month_end("65.002/SIG-12"),
    in_order("65.003/CCH-11", "002", "003"),
    present_iff("65.004/CCH-11", among("001", "655 674")),
    in_order("66.002/SIG-11", "001", "002"),
)
