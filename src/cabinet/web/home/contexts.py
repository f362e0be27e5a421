"""*Accueil*: what waits, what is being read, what comes due, what has just happened; or the first steps."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.accounts.selectors import active_collaborators
from cabinet.audit.selectors import entries_of_clients
from cabinet.clients.access import visible_clients
from cabinet.clients.selectors import Counts
from cabinet.dossiers.models import Mission
from cabinet.dossiers.worklist import WaitingGroup, Worklist, coming_missions, worklist
from cabinet.imports.access import visible_imports
from cabinet.imports.enums import ImportState
from cabinet.imports.selectors import running_of
from cabinet.portfolios.access import visible_portfolios
from cabinet.web.components.formats import integer, long_day, plural
from cabinet.web.components.parts import Choice
from cabinet.web.dossier.files import doing_of
from cabinet.web.home.registry_news import NewsRow, latest_news
from cabinet.web.home.worklines import WorkRow, work_row
from cabinet.web.journal.entries import Line, describe

SHORT, LONG = 6, 200
SIDE = 5


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Dossiers under one title; ``more`` are not shown."""

    title: str
    count: int
    rows: tuple[WorkRow, ...]

    @property
    def more(self) -> int:
        """How many are left out."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class RunningFile:
    """A file being read: how far, and what is being done; ``percent`` None while it waits."""

    client_name: str
    url: str
    file_name: str
    percent: int | None
    doing: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of a firm."""

    title: str
    text: str
    act: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Home:
    """What the page shows; ``steps`` only while the person sees no client."""

    firm: str
    subtitle: str
    groups: tuple[WorkGroup, ...]
    more_url: str
    switch: tuple[Choice, ...]
    running: tuple[RunningFile, ...]
    running_count: int
    news: tuple[NewsRow, ...]
    news_count: int
    missions: tuple[Mission, ...]
    activity: tuple[Line, ...]
    today: date
    can_create: bool
    steps: tuple[Step, ...] = ()
    is_empty: bool = False

    @property
    def more(self) -> int:
        """How many dossiers that wait are left out."""
        return sum(group.more for group in self.groups)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done: the page's one primary action."""
        return next((step for step in self.steps if not step.done), None)


def build_home(actor: Actor, asked: QueryDict, counts: Counts) -> Home:
    """The page for one person."""
    today = timezone.localdate()
    mine = _only_mine(asked, counts)
    found = worklist(actor, today=today, only_mine=mine, limit=LONG if "complet" in asked else SHORT)
    running, running_count = _running(actor)
    news, news_count = latest_news(actor, SIDE)
    is_empty = not (counts.active or counts.inactive)
    here = asked.copy()
    here["complet"] = "1"
    return Home(
        firm=actor.firm.name,
        subtitle=_subtitle(actor, found, today, followed=counts.mine if mine else counts.active, mine=mine),
        groups=_groups(found),
        more_url=f"?{here.urlencode()}",
        switch=(Choice("Mes dossiers", "?vue=miens", mine), Choice(_everything(actor), "?vue=tous", not mine)),
        running=running,
        running_count=running_count,
        news=news,
        news_count=news_count,
        missions=tuple(coming_missions(actor, only_mine=mine)[:SIDE]),
        activity=tuple(_activity(actor)),
        today=today,
        can_create=actor.can("clients.create") and actor.collaborator is not None,
        steps=_steps(actor) if is_empty else (),
        is_empty=is_empty,
    )


def _everything(actor: Actor) -> str:
    return "Tout le cabinet" if actor.can("clients.view_all") else "Tous les dossiers"


def _only_mine(asked: QueryDict, counts: Counts) -> bool:
    """As asked; else one's own dossiers, for who is in charge of some."""
    view = asked.get("vue")
    if view in {"miens", "tous"}:
        return view == "miens"
    return counts.mine > 0


def _subtitle(actor: Actor, found: Worklist, today: date, *, followed: int, mine: bool) -> str:
    day = long_day(today, weekday=True).capitalize()
    everybody = "du cabinet" if actor.can("clients.view_all") else "que vous voyez"
    whose = "dont vous êtes responsable" if mine else everybody
    if not followed:
        return f"{day}."
    if not found.count:
        return f"{day}. Rien n’attend parmi les dossiers {whose}."
    verb = "attend" if found.count == 1 else "attendent"
    if followed == 1:
        return f"{day}. Le dossier {whose} attend quelque chose."
    return f"{day}. Sur les {plural(followed, 'dossier')} {whose}, {integer(found.count)} {verb} quelque chose."


def _groups(found: Worklist) -> tuple[WorkGroup, ...]:
    groups: tuple[tuple[str, WaitingGroup], ...] = (
        ("Bloqués", found.blocked),
        ("En retard", found.late),
        ("À compléter", found.to_complete),
    )
    return tuple(
        WorkGroup(title, group.count, tuple(work_row(one) for one in group.dossiers))
        for title, group in groups
        if group.count
    )


def _running(actor: Actor) -> tuple[tuple[RunningFile, ...], int]:
    waiting = visible_imports(actor).filter(state__in=(ImportState.RECEIVED, ImportState.READING), client__isnull=False)
    first = list(waiting.select_related("client").order_by("received_at", "id")[:SIDE])
    progress = running_of(first)
    files = []
    for one in first:
        how = progress.get(one.id)
        reading = how is not None and how.percent is not None
        files.append(
            RunningFile(
                client_name=one.client.name if one.client else "",
                url=reverse("dossier_data", args=[one.client_id]),
                file_name=one.file_name,
                percent=how.percent if how else None,
                doing=doing_of(how) if how and (reading or how.is_paused) else "En attente d’un tour de lecture",
            )
        )
    return tuple(files), waiting.count() if len(first) == SIDE else len(first)


def _activity(actor: Actor) -> list[Line]:
    seen = visible_clients(actor).order_by().values_list("id", flat=True)
    return describe(list(entries_of_clients(actor.firm.id, seen)[:SIDE]), actor)


def _steps(actor: Actor) -> tuple[Step, ...]:
    steps = []
    if actor.can("portfolios.create"):
        steps.append(
            Step(
                "Créer un portefeuille",
                "Il segmente la clientèle et dit qui voit quels dossiers. Un seul suffit pour commencer, par exemple "
                "«\u00a0Agroalimentaire\u00a0».",
                "Nouveau portefeuille",
                reverse("portfolio_create"),
                visible_portfolios(actor).exists(),
            )
        )
    if actor.can("collaborators.manage"):
        steps.append(
            Step(
                "Inviter un collègue",
                "Chacun entre avec son propre compte\u00a0: un lien lui est envoyé, il choisit son mot de passe.",
                "Nouveau collaborateur",
                reverse("collaborator_create"),
                active_collaborators(actor.firm)[1:].exists(),
            )
        )
    if actor.can("clients.create"):
        steps.append(
            Step(
                "Créer un client",
                "Son SIRET suffit\u00a0: nom, code APE et adresse se remplissent seuls. Le FEC et les DSN peuvent "
                "venir après.",
                "Nouveau client",
                reverse("wizard_start"),
                False,
            )
        )
    return tuple(steps)
