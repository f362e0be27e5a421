"""The context of « Indicateurs › Carbone »: the figure and its doubt, how it was made, posts, spend, what to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bocage.indicators.carbon import Frame, How, Place, by_post, by_quality
from bocage.wording import sentence
from cabinet.carbon.branch import Said, branch_of
from cabinet.carbon.selectors import Reading, progress_of, reading_of
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.jobs.models import JobState
from cabinet.web.carbon.asking import AskTable, ask_table
from cabinet.web.carbon.factors import newer_than
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.posts import PostGroup, post_groups
from cabinet.web.carbon.spending import spending
from cabinet.web.carbon.words import FRAMES, KILO, doubt, tonnes, whole_tonnes
from cabinet.web.components.formats import NBSP, UNKNOWN, euros, number, percent, plural
from cabinet.web.components.parts import Bar, BarChart, Choice, Tab
from cabinet.web.components.shares import Interval, Treemap
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.indicators import pills_of


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """A line of the small table beside the total."""

    label: str
    tone: str
    tonnes: str
    share: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A figure of the strip: label, value, unit, where it comes from."""

    label: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class CarbonPage:
    """What the template draws; ``reading`` is None while there is no estimate."""

    head: Head
    pills: Sequence[Tab]
    estimating: bool
    failed: bool
    reading: Reading | None
    newest: str = ""
    """A newer release of the factors, when there is one."""
    frames: Sequence[Choice] = ()
    total: str = ""
    doubt: str = ""
    status: str = "missing"
    detail: str = ""
    sentences: Sequence[str] = ()
    interval: Interval | None = None
    scopes: Sequence[ScopeLine] = ()
    ratio_gap: str = ""
    intensities: Sequence[Strip] = ()
    branch: BarChart | None = None
    branch_said: Sequence[str] = ()
    groups: Sequence[PostGroup] = ()
    spending: Treemap | None = None
    spent: str = ""
    quality: BarChart | None = None
    excluded: str = ""
    ask: AskTable | None = None


def carbon_page(head: Head, asked: Asked) -> CarbonPage:
    """The estimate of the year chosen, in the frame asked for."""
    reading, pills = reading_of(head.year), pills_of(head, "carbone")
    progress = progress_of(head.client.id)
    estimating, failed = progress in (JobState.WAITING, JobState.RUNNING), progress is JobState.FAILED
    if reading is None:
        return CarbonPage(head, pills, estimating, failed, None)
    total = reading.total()
    missing = _missing_posts(reading)
    drawn = spending(head, reading)
    compared = branch_of(head.client, reading)
    return CarbonPage(
        head=head,
        pills=pills,
        estimating=estimating,
        failed=failed,
        reading=reading,
        newest=newer_than(reading),
        branch=_branch(compared) if compared else None,
        branch_said=compared.sentences if compared else (),
        frames=[
            Choice(name, address(head, "carbon", Asked(frame=frame)), current=frame is asked.frame)
            for frame, name in FRAMES.items()
        ],
        total=tonnes(total.kgco2e) if total.lines else UNKNOWN,
        doubt=doubt(total),
        status="partial" if missing else "estimated",
        detail=f"{plural(missing, 'poste')} à compléter" if missing else "",
        sentences=_sentences(reading),
        interval=_interval(reading),
        scopes=_scopes(reading),
        ratio_gap=_ratio_gap(reading),
        intensities=_intensities(reading, figures_of(head.year)),
        groups=post_groups(head, reading, asked.frame),
        spending=drawn,
        spent=f"{euros(sum((tile.size for tile in drawn.tiles), Decimal(0)))}{NBSP}€ hors taxes" if drawn else "",
        quality=_quality(reading),
        excluded=euros(reading.row.excluded),
        ask=ask_table(head, reading),
    )


def _missing_posts(reading: Reading) -> int:
    return len({cell.category for cell in reading.cells if cell.how is How.MISSING})


def _sentences(reading: Reading) -> list[str]:
    """What the figure means, in plain French, and how far it can be trusted."""
    total = reading.total()
    if not total.lines:
        return ["Aucune ligne n’a donné de chiffre pour cet exercice."]
    said = [
        f"Très probablement entre {whole_tonnes(total.low)} et {whole_tonnes(total.high)}{NBSP}t."
        if total.half_width
        else "",
    ]
    if total.from_spend and total.kgco2e > 0:
        part = percent(100 * total.from_spend / total.kgco2e, 0)
        said.append(
            f"C’est une première estimation{NBSP}: {part} du total vient des dépenses, multipliées par le ratio moyen "
            "de leur branche. Elle ne voit pas si l’entreprise achète mieux ou moins cher, et deux exercices peuvent "
            "différer par les seuls prix. Une quantité réelle prend la place de ces euros dès qu’elle est saisie."
        )
    if total.missing_lines:
        said.append(
            f"{plural(total.missing_lines, 'ligne')} d’énergie ({euros(total.missing_amount)}{NBSP}€) "
            f"{'attendent' if total.missing_lines > 1 else 'attend'} une quantité et ne "
            f"{'comptent' if total.missing_lines > 1 else 'compte'} pas encore."
        )
    return [one for one in said if one]


def _interval(reading: Reading) -> Interval | None:
    total = reading.total()
    if not total.lines or total.high <= 0:
        return None
    low, value, high = (one / KILO for one in (total.low, total.kgco2e, total.high))
    said = f"{tonnes(total.kgco2e)} tonnes, très probablement entre {whole_tonnes(total.low)} et "
    return Interval(f"{said}{whole_tonnes(total.high)} tonnes.", low, max(value, Decimal(0)), high, "t")


def _scopes(reading: Reading) -> list[ScopeLine]:
    whole = reading.total()
    posts = by_post(reading.cells, Frame.GHGP)
    lines = []
    for scope in "123":
        total = reading.total([cell for code, some in posts.items() if code[0] == scope for cell in some])
        known = total.lines > 0
        part = percent(100 * total.kgco2e / whole.kgco2e, 1) if known and whole.kgco2e > 0 else ""
        text = tonnes(total.kgco2e) if known else UNKNOWN
        lines.append(ScopeLine(f"Scope {scope}", f"scope-{scope}", text, part, doubt(total) if known else ""))
    return lines


def _ratio_gap(reading: Reading) -> str:
    row = reading.row
    if row.ratio_year == row.ratio_year_wanted:
        return ""
    return f"Ratios de {row.ratio_year} pour un exercice {row.ratio_year_wanted}"


def _intensities(reading: Reading, figures: Figures) -> list[Strip]:
    """What the total is by thousand euros of turnover and by employee, when both are known."""
    total, row = reading.total(), reading.row
    per_turnover = total.kgco2e * 1000 / row.turnover if row.turnover > 0 and total.lines else None
    strips = [
        Strip(
            "Par millier d’euros de chiffre d’affaires",
            UNKNOWN if per_turnover is None else number(per_turnover, 1),
            "kg CO2e",
            f"chiffre d’affaires{NBSP}: {euros(row.turnover)}{NBSP}€" if row.turnover > 0 else "aucun compte 70",
        )
    ]
    for code, label, name in (
        ("fte_year_end", "Par équivalent temps plein", "ETP le dernier jour"),
        ("headcount_average", "Par salarié", "effectif moyen"),
    ):
        people = figures.get(code)
        if people is not None and people.value and total.lines:
            per = tonnes(total.kgco2e / people.value)
            source = f"{name}{NBSP}: {number(people.value, 1)}"
            strips.append(Strip(label, per, "t CO2e", f"{source}, partiel" if people.status == "partial" else source))
        else:
            strips.append(Strip(label, UNKNOWN, "t CO2e", "il manque les DSN de l’exercice" if total.lines else ""))
    part = 100 * total.from_spend / total.kgco2e if total.kgco2e > 0 else None
    strips.append(
        Strip("Part tirée des dépenses", UNKNOWN if part is None else number(part), "%", "le reste, de quantités")
    )
    return strips


def _branch(compared: Said) -> BarChart | None:
    """The dossier beside the average of its branch; None for a trade, whose average is of another thing."""
    if compared.standing.place is Place.TRADE:
        return None
    own, average = compared.standing.own, compared.standing.average.value
    bars = [
        Bar("Ce dossier", max(own, Decimal(0)), f"{number(own, 1)}{NBSP}kg"),
        Bar("Moyenne de la branche", average, f"{number(average)}{NBSP}kg", tone="quality-3"),
    ]
    return BarChart("Émissions par millier d’euros de chiffre d’affaires.", "Qui", "kg CO2e", bars)


def _quality(reading: Reading) -> BarChart | None:
    weights = list(by_quality(reading.cells))
    whole = sum((kg for _, kg in weights), Decimal(0))
    if whole <= 0:
        return None
    tones = {"measured": "quality-1", "stated": "quality-2", "unknown": "quality-4"}
    bars = [
        Bar(
            sentence("carbon", f"quality_{quality}").message,
            max(kg, Decimal(0)),
            f"{percent(100 * kg / whole, 1)}, {tonnes(kg)}{NBSP}t",
            tone=tones.get(quality.value, "quality-3"),
        )
        for quality, kg in weights
    ]
    return BarChart("Part du total selon la qualité des données.", "Qualité", "part, t CO2e", tuple(bars))
