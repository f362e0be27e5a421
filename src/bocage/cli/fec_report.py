"""The check of a FEC as a person reads it in a terminal: the file, its findings by verdict, the three verdicts last."""

from collections.abc import Iterator

from bocage.cli.output import finding_lines, paint
from bocage.findings import Finding, Severity, Verdict
from bocage.formats.fec import FecReport
from bocage.wording.figures import day, money, plural
from bocage.wording.judgements import ENCODINGS, SECTIONS, SEPARATORS, VERDICTS, audit_answer, layout_word


def report_lines(report: FecReport) -> Iterator[str]:
    """The lines to print. Colours are those of :func:`bocage.cli.output.paint`: on a terminal only."""
    yield paint(report.file, "bold")
    yield from (f"  {line}" for line in _facts(report))
    for code, (title, about) in SECTIONS.items():
        found = [one for one in report.findings if (one.verdict or "") == code]
        if found:
            yield ""
            yield f"{paint(title, 'bold')}\u00a0: {about[0].lower()}{about[1:]}"
            for finding in sorted(found, key=lambda one: (one.severity.rank, one.code)):
                yield from finding_lines("fec", finding)
    yield ""
    yield from _verdicts(report)
    yield ""


def _facts(report: FecReport) -> Iterator[str]:
    if report.lines is not None and report.entries is not None:
        said = [plural(report.lines, "ligne"), plural(report.entries, "écriture")]
        if report.period and report.period.start and report.period.end:
            said.append(f"exercice du {day(report.period.start)} au {day(report.period.end)}")
        yield ", ".join(said)
    if report.totals is not None:
        yield f"débit {money(report.totals.debit)}, crédit {money(report.totals.credit)}"
    if report.layout is not None:
        words = (layout_word(ENCODINGS, report.layout.encoding), layout_word(SEPARATORS, report.layout.separator))
        yield ", ".join(word for word in words if word)


def _verdicts(report: FecReport) -> Iterator[str]:
    verdicts = report.verdicts
    counts = {"errors": verdicts.errors, "warnings": verdicts.warnings, "infos": verdicts.infos}
    audit, heavy = audit_answer(counts), verdicts.errors + verdicts.warnings
    answers = (
        _yes() if verdicts.exploitable else _no(""),
        _yes() if verdicts.conforme else _no(_reasons(report.findings)),
        paint(audit, "yellow") if heavy else audit,
    )
    width = max(len(name) for _, name, _ in VERDICTS)
    for (_, name, asks), answer in zip(VERDICTS, answers, strict=True):
        yield f"{paint(name.ljust(width), 'bold')}  {answer}  {paint(asks, 'dim')}"


def _yes() -> str:
    return paint("oui", "green")


def _no(why: str) -> str:
    return paint("non", "red") + why


def _reasons(findings: tuple[Finding, ...]) -> str:
    heavy = {Severity.BLOCKING, Severity.ERROR}
    count = sum(one.verdict is Verdict.CONFORME and one.severity in heavy for one in findings)
    return f", {plural(count, 'motif')}" if count else ""
