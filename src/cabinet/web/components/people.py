"""People in a list of choices."""

from collections.abc import Iterable

from cabinet.accounts.models import Collaborator, Position


def people_choices(people: Iterable[Collaborator]) -> list[tuple[str, str]]:
    """``Inès Benamara, comptable``: two people of one name are told apart by their position."""
    return [(str(one.id), presented(one)) for one in people]


def presented(person: Collaborator) -> str:
    """The name, and the position when it says something."""
    if person.position == Position.OTHER:
        return person.full_name
    position = str(person.get_position_display())
    return f"{person.full_name}, {position[:1].lower()}{position[1:]}"
