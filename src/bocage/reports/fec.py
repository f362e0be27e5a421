"""The printed reports of a FEC: what its check found, and the description that the law asks for with the file.

Both take the report as the contract writes it (docs/cli.md): plain data, whatever has read the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bocage.reports.blocks import (
    Block,
    Brand,
    Bullets,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Note,
    Pairs,
    Paragraph,
    Table,
    Tone,
)
from bocage.wording import sentence
from bocage.wording.figures import UNKNOWN, day, money, number, plural, siret
from bocage.wording.judgements import (
    ENCODINGS,
    LINE_ENDS,
    SECTIONS,
    SEPARATORS,
    SEVERITIES,
    SEVERITY_WORDS,
    VERDICTS,
    audit_answer,
    layout_word,
)

type Report = Mapping[str, Any]

_LINES_SHOWN = 8
_LIMITS = (
    "La réponse «\u00a0Conforme\u00a0» rejoue, règle par règle, le testeur officiel Test Compta Demat\u00a0; "
    "elle ne vaut pas acceptation par l’administration. Les constats de contrôle sont des questions qu’un "
    "vérificateur poserait\u00a0: ils demandent une explication, pas toujours une correction."
)


@dataclass(frozen=True, slots=True)
class JournalUse:
    """A journal of the file: its code, its label, its lines."""

    code: str
    label: str
    lines: int


@dataclass(frozen=True, slots=True)
class AccountUse:
    """An account of the file: its number, its label, its lines."""

    number: str
    label: str
    lines: int


def check_document(report: Report, *, brand: Brand, subject: str, day: date) -> Document:
    """The check of a FEC on paper: three answers, then each finding with its remedy and its first lines."""
    verdicts = report["verdicts"]
    findings: Sequence[Report] = report.get("findings") or []
    blocks: list[Block] = [Heading("Trois réponses"), Figures(tuple(_answers(report, verdicts, findings)))]
    for code, (title, about) in SECTIONS.items():
        mine = [one for one in findings if (one.get("verdict") or "") == code]
        if mine:
            mine.sort(key=lambda one: (SEVERITIES.index(one["severity"]), one["code"]))
            blocks += [Heading(title), Paragraph(f"{about}.", quiet=True), _findings_table(mine)]
    if not findings:
        blocks.append(Note("Aucun constat", "Rien à signaler dans ce fichier.", "ok"))
    blocks += [Heading("Portée de ce contrôle"), Paragraph(_LIMITS)]
    if report.get("checks_run"):
        blocks.append(Paragraph(f"{number(report['checks_run'])} contrôles passés.", quiet=True))
    return Document("Contrôle du FEC", subject, brand, day, tuple(blocks), identity=tuple(_identity(report)))


def _answers(report: Report, verdicts: Report, findings: Sequence[Report]) -> list[Figure]:
    usable, accepted = bool(verdicts["exploitable"]), bool(verdicts["conforme"])
    reasons = sum(one.get("verdict") == "conforme" and one["severity"] in {"blocking", "error"} for one in findings)
    audit = verdicts.get("controle") or {}
    heavy = int(audit.get("errors") or 0) + int(audit.get("warnings") or 0)
    tones: tuple[Tone, Tone, Tone] = (
        "ok" if usable else "err",
        "ok" if accepted else "err",
        "warn" if heavy or not usable else "ok",
    )
    lines = report.get("lines")
    said = (
        ("Oui" if usable else "Non", plural(lines, "ligne lue", "lignes lues") if lines else ""),
        ("Oui" if accepted else "Non", plural(reasons, "motif") if reasons else ""),
        (audit_answer(audit) if usable or heavy else "Non regardé", ""),
    )
    return [
        Figure(f"{name}\u00a0: {asks}", value, note=note, tone=tone)
        for (_, name, asks), (value, note), tone in zip(VERDICTS, said, tones, strict=True)
    ]


def _findings_table(findings: Sequence[Report]) -> Table:
    rows = []
    for one in findings:
        remedy = one.get("remedy") or ""
        words = f"{one['message']} Remède\u00a0: {remedy}" if remedy.strip("– ") else str(one["message"])
        rows.append((SEVERITY_WORDS[one["severity"]], str(one["code"]), words, number(one["count"]), _lines(one)))
    columns = (
        Column("Gravité", share=3),
        Column("Code", share=2),
        Column("Constat", share=9),
        Column("Nombre", "right", 2),
        Column("Premières lignes", share=4),
    )
    return Table(columns, tuple(rows))


def _lines(finding: Report) -> str:
    numbers = list(dict.fromkeys(place["line"] for place in finding.get("where") or [] if place.get("line")))
    if not numbers:
        return "tout le fichier"
    more = "…" if len(numbers) > _LINES_SHOWN or finding["count"] > len(numbers) else ""
    return ", ".join(number(line) for line in numbers[:_LINES_SHOWN]) + more


def _identity(report: Report) -> list[tuple[str, str]]:
    layout, totals = report.get("layout") or {}, report.get("totals") or {}
    pairs = [("Fichier", str(report["file"]))]
    if report.get("siren"):
        pairs.append(("SIREN", siret(report["siren"])))
    period = report.get("period") or {}
    if period.get("start") and period.get("end"):
        pairs.append(("Exercice", f"du {_day(period['start'])} au {_day(period['end'])}"))
    if report.get("entries") is not None:
        pairs.append(("Écritures", number(report["entries"])))
    if totals:
        debit, credit = money(Decimal(totals["debit"])), money(Decimal(totals["credit"]))
        pairs.append(("Totaux", f"débit {debit}, crédit {credit}"))
    if layout:
        words = (layout_word(ENCODINGS, layout.get("encoding")), layout_word(SEPARATORS, layout.get("separator")))
        pairs.append(("Présentation", ", ".join(word for word in words if word)))
    return pairs


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text) if text else None)


def description_document(
    report: Report,
    *,
    brand: Brand,
    subject: str,
    day: date,
    size: int,
    journals: Sequence[JournalUse] = (),
    accounts: Sequence[AccountUse] = (),
) -> Document:
    """The description that goes with a FEC (LPF art. A47 A-1, XI): fields and their meaning, codes used, character set,
    structure and length of records; ``size`` in octets."""
    layout = report.get("layout") or {}
    blocks: list[Block] = [
        Heading("Le fichier"),
        Pairs(tuple(_structure(report, layout, size))),
        Heading("Les colonnes, dans l’ordre du fichier"),
        _columns_table(layout),
    ]
    extra = [str(name) for name in layout.get("extra_columns") or []]
    if extra:
        text = "La loi demande d’en expliquer le contenu. À compléter par l’entreprise avant remise\u00a0:"
        blocks += [Heading("Colonnes complémentaires", 2), Paragraph(text), Bullets(tuple(extra))]
    blocks.append(Heading("Les codes utilisés"))
    if journals:
        rows = tuple((one.code, one.label, number(one.lines)) for one in journals)
        columns = (
            Column("Code", share=2, raw=True),
            Column("Libellé du journal", share=6),
            Column("Lignes", "right", 2),
        )
        total = ("Total", "", number(sum(one.lines for one in journals)))
        blocks += [Heading("Journaux", 2), Table(columns, rows, total)]
    if accounts:
        rows = tuple((one.number, one.label, number(one.lines)) for one in accounts)
        columns = (
            Column("Compte", share=2, raw=True),
            Column("Libellé du compte", share=6),
            Column("Lignes", "right", 2),
        )
        blocks += [Heading("Comptes", 2), Table(columns, rows)]
    if not journals and not accounts:
        blocks.append(
            Paragraph("Les journaux et les comptes de ce fichier ne sont pas connus\u00a0: il n’a pas pu être lu.")
        )
    return Document(
        "Description du fichier des écritures",
        subject,
        brand,
        day,
        tuple(blocks),
        identity=tuple(_identity(report)[:3]),
        footer="Livre des procédures fiscales, article A47 A-1, XI",
    )


def _structure(report: Report, layout: Report, size: int) -> list[tuple[str, str]]:
    period = report.get("period") or {}
    separator = layout_word(SEPARATORS, layout.get("separator"))
    header = layout.get("header_line")
    amounts = {"debit_credit": "débit et crédit", "montant_sens": "montant et sens"}
    structure = f"à plat, champs séparés par une {separator}" if separator else "XML ou classeur"
    return [
        ("Période", f"{_day(period.get('first_entry'))} au {_day(period.get('last_entry'))}"),
        ("Enregistrements", UNKNOWN if report.get("lines") is None else number(report["lines"])),
        ("Écritures", UNKNOWN if report.get("entries") is None else number(report["entries"])),
        ("Taille", plural(size, "octet")),
        ("Jeu de caractères", layout_word(ENCODINGS, layout.get("encoding")) or UNKNOWN),
        ("Structure", structure),
        ("Longueur des enregistrements", "variable"),
        ("Fin d’enregistrement", layout_word(LINE_ENDS, layout.get("line_ending")) or UNKNOWN),
        ("Intitulés", f"ligne {number(header)}" if header else UNKNOWN),
        ("Montants", amounts.get(str(layout.get("amounts")), UNKNOWN)),
        ("Régime", str(report.get("regime") or UNKNOWN).replace("_", " ")),
    ]


def _columns_table(layout: Report) -> Table:
    extra = set(layout.get("extra_columns") or [])
    rows = []
    for rank, name in enumerate(layout.get("columns") or [], start=1):
        rows.append((str(rank), str(name), "Colonne complémentaire." if name in extra else _meaning(str(name))))
    return Table(
        (Column("Rang", "right"), Column("Intitulé", share=3, raw=True), Column("Contenu", share=8)), tuple(rows)
    )


def _meaning(name: str) -> str:
    """What a column holds, by its legal name; another spelling is explained by the company."""
    try:
        return sentence("fec_columns", name).message
    except KeyError:
        return "Colonne de la norme sous un autre intitulé."
