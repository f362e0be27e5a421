"""What the pages of groups show."""

from collections.abc import Collection
from dataclasses import dataclass

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import may_give
from cabinet.accounts.models import Collaborator, Group
from cabinet.accounts.permissions import PERMISSIONS, Level, Role
from cabinet.accounts.selectors import groups_of, people_in
from cabinet.web.components.formats import plural
from cabinet.web.groups.forms import SHOWN, GroupDeletionForm

LEVELS = {Level.FIRM: "Interface cabinet", Level.CLIENT: "Interface client"}


@dataclass(frozen=True, slots=True)
class Box:
    """One permission of the table: ticked or not, and whether the person may change it."""

    code: str
    label: str
    checked: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The permissions of one level."""

    title: str
    boxes: tuple[Box, ...]

    @property
    def count(self) -> str:
        """``7 sur 12``."""
        return f"{sum(box.checked for box in self.boxes)} sur {len(self.boxes)}"


def parts(checked: Collection[str], mine: Collection[str]) -> tuple[Part, ...]:
    """The table of permissions, level by level; only those whose feature exists."""
    return tuple(
        Part(
            title,
            tuple(
                Box(one.code, one.label, one.code in checked, one.code not in mine)
                for one in PERMISSIONS
                if one.level == level and one.shown
            ),
        )
        for level, title in LEVELS.items()
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A group of the list."""

    group: Group
    people: int
    rights: str
    can_change: bool
    can_delete: bool


def build_list(actor: Actor) -> tuple[Line, ...]:
    """Every group of the firm."""
    return tuple(
        Line(
            group=one,
            people=one.people_count,  # type: ignore[attr-defined]  # annotated by the selector
            rights=f"{len(one.held & frozenset(SHOWN))} sur {len(SHOWN)}",
            can_change=one.role != Role.ADMINISTRATOR,
            can_delete=not one.is_protected and may_give(actor.codes, one),
        )
        for one in groups_of(actor.firm)
    )


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group."""

    group: Group
    parts: tuple[Part, ...]
    people: tuple[Collaborator, ...]
    can_change: bool
    can_delete: bool
    sees_people: bool

    @property
    def subtitle(self) -> str:
        """Where it comes from."""
        if self.group.role == Role.ADMINISTRATOR:
            return "Groupe d’origine\u00a0: il garde toutes les permissions"
        return "Groupe d’origine" if self.group.is_protected else "Groupe du cabinet"


def build_page(actor: Actor, group: Group) -> GroupPage:
    """The page of a group."""
    return GroupPage(
        group=group,
        parts=parts(group.held, actor.codes),
        people=tuple(people_in(group)),
        can_change=group.role != Role.ADMINISTRATOR,
        can_delete=not group.is_protected and may_give(actor.codes, group),
        sees_people=actor.can("collaborators.manage"),
    )


@dataclass(frozen=True, slots=True)
class GroupDeletion:
    """What goes with a group, and where its people go."""

    group: Group
    people: int
    form: GroupDeletionForm
    error: str = ""
    name_error: str = ""

    @property
    def moved(self) -> str:
        """``3 collaborateurs``."""
        return plural(self.people, "collaborateur")
