"""*Importer des clients*: the list dropped, row by row, then its progress and its result."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict

from bocage.identifiers import check_number
from bocage.wording import key_sentence
from cabinet.accounts.actors import Actor
from cabinet.accounts.selectors import managers
from cabinet.clients.access import visible_clients
from cabinet.jobs.models import Job, JobState
from cabinet.onboarding.models import ClientSheet, RowState, SheetRow
from cabinet.onboarding.sheets.reading import MODEL
from cabinet.onboarding.sheets.sealing import Content, open_row
from cabinet.onboarding.sheets.services import IMPORT
from cabinet.web.components.formats import NBSP, integer, plural, siret
from cabinet.web.components.people import people_choices

PAGE_SIZE = 50
UNREADABLE = {
    "empty": "Ce fichier ne contient aucune ligne. Remplissez le modèle, puis déposez-le.",
    "unreadable": "Ce fichier n’est ni un CSV ni un classeur Excel (XLSX) lisible. Enregistrez-le ainsi.",
    "no_siret": "Aucune colonne ne s’appelle SIRET dans les dix premières lignes. Donnez-lui ce nom.",
    "too_large": f"Ce fichier dépasse 10{NBSP}Mo. Ne gardez que les colonnes du modèle.",
    "too_many_rows": f"Ce fichier dépasse 10{NBSP}000 lignes. Coupez-le en plusieurs listes.",
}
_COLUMNS = {"name": "nom", "file_code": "code dossier", "contact_name": "contact", "contact_email": "e-mail"}
REASONS = {
    "already_followed": "Suivi par le cabinet entre-temps.",
    "file_code_taken": "Code dossier pris entre-temps.",
    "unreadable": "Ligne qui n’est plus lisible.",
    "organisation": "Responsable ou portefeuille qui n’est plus disponible.",
}
LACKS = {
    "nameless": "Le registre ne donne pas de nom (diffusion partielle)\u00a0: saisissez-le dans la fiche du client.",
    "unknown": "Le registre ne connaît pas ce SIRET, ou ne répondait pas\u00a0: la fiche reste à compléter.",
}
"""What a created client lacks, by the reason of its row."""
FAILURES = {
    "not_allowed": "Vous n’avez plus le droit d’importer une liste de clients. Demandez-le à un administrateur.",
    "import_failed": "Les clients créés restent. Déposez de nouveau la liste pour les autres.",
}
VIEWS = {"": "Toutes", "a-voir": "À vérifier", "bloquees": "Bloquées"}
EXAMPLE = ("00001234400016", "Biscuiterie Ternanteau", "T0412", "Agroalimentaire", "prenom.nom@cabinet.fr", "", "")


class SheetForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="Votre liste, en CSV ou en Excel (XLSX)",
        help_text=f"10{NBSP}000 lignes au plus. Seule la colonne SIRET est nécessaire.",
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": "Choisissez un fichier.", "empty": UNREADABLE["empty"]},
    )


class ManagerForm(forms.Form):
    """Who is in charge of the rows that name nobody known."""

    manager = forms.ChoiceField(label="Responsable des lignes sans responsable reconnu")

    def __init__(self, actor: Actor, sheet: ClientSheet) -> None:
        super().__init__(initial={"manager": str(sheet.manager_id)})
        self.fields["manager"].choices = people_choices(managers(actor.firm))  # type: ignore[attr-defined]


UNREADABLE_ROW = Content({}, [{"code": "unreadable", "about": ""}])


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as the page shows it. ``said`` is each problem in French; ``name`` is the name of the client that it became
    (``client_id`` leads to it), empty for who does not see it."""

    row: SheetRow
    values: dict[str, str]
    siret: str
    said: tuple[str, ...]
    outcome: str
    client_id: Any
    name: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """What the page shows; ``job`` once the import was asked for."""

    sheet: ClientSheet
    counts: dict[str, int]
    page: Page[Any]
    view: str
    form: ManagerForm
    job: Job | None

    @property
    def running(self) -> bool:
        """Whether the progress is to be asked for again."""
        return self.job is not None and self.job.state in {JobState.WAITING, JobState.RUNNING}

    @property
    def percent(self) -> int | None:
        """How far; None while it waits."""
        return round(self.job.share * 100) if self.job and self.job.state == JobState.RUNNING else None

    @property
    def doing(self) -> str:
        """``120 sur 400``, or that it waits."""
        return self.job.step if self.job and self.job.step else "En attente d’un moment libre"

    @property
    def failure(self) -> str:
        """Why the import stopped, empty when it did not."""
        return FAILURES.get(self.job.error, FAILURES["import_failed"]) if self.job and self.job.error else ""

    @property
    def sentence(self) -> str:
        """``412 lignes : 398 à importer, 9 à vérifier, 5 bloquées``, or what was created."""
        lines = plural(self.counts["all"], "ligne")
        if self.job is None:
            taken, asking = integer(self.counts["taken"]), integer(self.counts["asking"])
            stuck = plural(self.counts["stuck"], "bloquée")
            return f"{lines}{NBSP}: {taken} à importer, {asking} à vérifier, {stuck}"
        created = plural(self.counts["created"], "client créé", "clients créés")
        lacking = f", dont {integer(self.counts['lacking'])} à compléter" if self.counts["lacking"] else ""
        return f"{created}{lacking}, {plural(self.counts['refused'], 'refusé')}"

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """The switch: address, label, whether it is the one shown."""
        return [(f"?vue={key}" if key else "?", label, key == self.view) for key, label in VIEWS.items()]


def build_sheet(actor: Actor, sheet: ClientSheet, asked: QueryDict) -> SheetPage:
    """The page of one list."""
    view = asked.get("vue", "") if asked.get("vue") in VIEWS else ""
    rows = sheet.rows.order_by("number")
    if view == "a-voir":
        rows = rows.filter(Q(doubtful=True) | Q(state=RowState.CREATED, reason__in=LACKS), blocked=False)
    elif view == "bloquees":
        rows = rows.filter(blocked=True)
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
    names = visible_names(actor, page.object_list)
    page.object_list = [line_of(sheet, row, names) for row in page.object_list]
    job = Job.objects.filter(kind=IMPORT, object_id=sheet.id).first()
    return SheetPage(sheet, count_rows(sheet), page, view, ManagerForm(actor, sheet), job)


def count_rows(sheet: ClientSheet) -> dict[str, int]:
    """How many rows of each kind, in one query."""
    return sheet.rows.aggregate(
        all=Count("id"),
        taken=Count("id", filter=Q(chosen=True, blocked=False)),
        asking=Count("id", filter=Q(chosen=False, blocked=False)),
        stuck=Count("id", filter=Q(blocked=True)),
        created=Count("id", filter=Q(state=RowState.CREATED)),
        refused=Count("id", filter=Q(state=RowState.REFUSED)),
        lacking=Count("id", filter=Q(state=RowState.CREATED, reason__in=LACKS)),
    )


def line_of(sheet: ClientSheet, row: SheetRow, names: Mapping[UUID | None, str]) -> RowLine:
    """One row, in words; ``names`` are those of the clients that the reader sees."""
    content = open_row(sheet, row) or UNREADABLE_ROW
    said = tuple(_said(trouble["code"], trouble["about"]) for trouble in content.problems)
    if row.state == RowState.CREATED and row.reason in LACKS:
        said += (LACKS[row.reason],)
    return RowLine(
        row,
        content.values,
        siret(content.values.get("siret", "")),
        said,
        outcome_of(row),
        row.client_id,
        names.get(row.client_id, ""),
    )


def outcome_of(row: SheetRow) -> str:
    """What became of the row."""
    if row.state == RowState.CREATED:
        return "Créé"
    if row.state == RowState.REFUSED:
        return REASONS.get(row.reason, "Non créé.")
    return "Bloquée" if row.blocked else "À importer" if row.chosen else "Laissée de côté"


def _said(code: str, about: str) -> str:
    if code == "siret_wrong":
        said = key_sentence(check_number(about, expected="siret"))
        return f"{said.message} {said.remedy}".strip()
    if code == "too_long":
        return f"{_COLUMNS[about].capitalize()} trop long."
    quoted = f"«{NBSP}{about}{NBSP}»"
    return {
        "unreadable": "Illisible\u00a0: la clé qui protégeait cette liste n’est plus installée.",
        "siret_missing": "SIRET absent.",
        "siret_twice": f"Même SIRET qu’à la ligne {about}.",
        "already_followed": "Le cabinet suit déjà ce SIRET.",
        "file_code_twice": f"Même code dossier qu’à la ligne {about}.",
        "file_code_taken": f"Le code dossier {quoted} est celui d’un autre client.",
        "unknown_manager": f"Responsable inconnu{NBSP}: {quoted}.",
        "manager_twice": f"Plusieurs personnes s’appellent {quoted}{NBSP}: écrivez l’e-mail.",
        "unknown_portfolio": f"Portefeuille inconnu{NBSP}: {quoted}.",
        "wrong_email": f"E-mail mal écrit{NBSP}: {quoted}.",
    }[code]


def result_rows(actor: Actor, sheet: ClientSheet) -> Iterator[tuple[Any, ...]]:
    """The result file: each row of the list, the client that it became, and why it did not."""
    yield ("Ligne", *MODEL, "Résultat", "Remarques")
    columns = ("file_code", "portfolios", "manager", "contact_name", "contact_email")
    for rows in batched(sheet.rows.order_by("number").iterator(chunk_size=500), 500, strict=False):
        names = visible_names(actor, rows)
        for row in rows:
            line = line_of(sheet, row, names)
            name = line.name or line.values.get("name", "")
            given = (line.values.get(column, "") for column in columns)
            yield (row.number, line.values.get("siret", ""), name, *given, line.outcome, " ".join(line.said))


def visible_names(actor: Actor, rows: Iterable[SheetRow]) -> dict[UUID | None, str]:
    """The names of the clients that rows became, for those that the actor sees: only these are linked."""
    ids = [row.client_id for row in rows if row.client_id]
    return dict(visible_clients(actor).filter(id__in=ids).values_list("id", "name"))
