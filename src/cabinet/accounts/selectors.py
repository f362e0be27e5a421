"""Reading people and groups of one firm."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from cabinet.accounts.models import Collaborator, Firm, Group, Invitation
from cabinet.accounts.names import fold
from cabinet.accounts.permissions import Role


def managers(firm: Firm) -> QuerySet[Collaborator]:
    """Who may be in charge of a dossier: active collaborators with a login."""
    return Collaborator.objects.filter(firm=firm, is_active=True, user__isnull=False, user__is_active=True)


def active_collaborators(firm: Firm) -> QuerySet[Collaborator]:
    """Everybody of the firm who has not left."""
    return Collaborator.objects.filter(firm=firm, is_active=True)


def everybody(firm: Firm) -> QuerySet[Collaborator]:
    """Everybody of the firm, those who left included, by name."""
    return Collaborator.objects.filter(firm=firm)


def person_who_signs_in(email: str) -> Collaborator | None:
    """The person behind an address of sign-in, of whichever firm, with their firm: for the operator only."""
    return Collaborator.objects.select_related("firm").filter(user__email__iexact=email.strip()).first()


def has_firms() -> bool:
    """Whether anybody was ever installed here."""
    return Firm.objects.exists()


def matching_people(text: str) -> Q:
    """Every word typed is in the name or the address, accents and case aside."""
    words = Q()
    for word in fold(text).split():
        words &= Q(search_name__contains=word)
    return words


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people keeps. ``active`` None keeps those who left; ``access`` is a word of :data:`ACCESSES`."""

    text: str = ""
    group_id: UUID | None = None
    position: str = ""
    access: str = ""
    active: bool | None = True


_NEVER_SIGNED = Q(user__isnull=False, user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
ACCESSES: dict[str, Q] = {
    "open": Q(user__isnull=False) & ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX),
    "waiting": _NEVER_SIGNED,
    "none": Q(user__isnull=True),
}
"""Whether somebody signs in: with a password, not yet, never."""

PEOPLE_SORTS: dict[str, tuple[str, ...]] = {
    "name": ("last_name", "first_name"),
    "position": ("position", "last_name", "first_name"),
    "group": ("group__name", "last_name", "first_name"),
    "email": ("email",),
}
"""What the list can be sorted by, and the columns behind it."""


def people_of(firm: Firm) -> QuerySet[Collaborator]:
    """Everybody of the firm, with group, user and ``latest_invitations`` (the newest first)."""
    invitations = Prefetch("invitations", queryset=Invitation.objects.all(), to_attr="latest_invitations")
    return Collaborator.objects.filter(firm=firm).select_related("group", "user").prefetch_related(invitations)


def filter_people(people: QuerySet[Collaborator], kept: PeopleFilter) -> QuerySet[Collaborator]:
    """What the filter keeps."""
    if kept.active is not None:
        people = people.filter(is_active=kept.active)
    if kept.text.strip():
        people = people.filter(matching_people(kept.text))
    if kept.group_id:
        people = people.filter(group=kept.group_id)
    if kept.position:
        people = people.filter(position=kept.position)
    return people.filter(ACCESSES[kept.access]) if kept.access else people


def sort_people(people: QuerySet[Collaborator], sort: str) -> QuerySet[Collaborator]:
    """``name`` or ``-name``, and so on of :data:`PEOPLE_SORTS`. Ties go by id."""
    down, key = sort.startswith("-"), sort.removeprefix("-")
    sign = "-" if down else ""
    return people.order_by(*(f"{sign}{column}" for column in PEOPLE_SORTS[key]), "id")


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """How many people the firm has: there, gone, and invited without an answer."""

    active: int
    inactive: int
    waiting: int


def count_people(firm: Firm) -> PeopleCounts:
    """In one query."""
    counts = Collaborator.objects.filter(firm=firm).aggregate(
        active=Count("id", filter=Q(is_active=True)),
        inactive=Count("id", filter=Q(is_active=False)),
        waiting=Count("id", filter=Q(is_active=True) & _NEVER_SIGNED),
    )
    return PeopleCounts(**counts)


_ROLE_ORDER = [Role.ADMINISTRATOR, Role.EXPERT, Role.COLLABORATOR, Role.OWN]


def groups_of(firm: Firm) -> list[Group]:
    """The groups with ``people_count`` (those still there): the default three, then the firm's own by name."""
    groups = (
        Group.objects.filter(firm=firm)
        .annotate(people_count=Count("collaborators", filter=Q(collaborators__is_active=True)))
        .order_by(Lower("name"), "id")
    )
    return sorted(groups, key=lambda group: _ROLE_ORDER.index(Role(group.role)))


def people_in(group: Group) -> QuerySet[Collaborator]:
    """The people of a group, those who left last."""
    return group.collaborators.order_by("-is_active", "last_name", "first_name", "id")
