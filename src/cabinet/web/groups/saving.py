"""From a form to the services, and back with what is refused."""

from dataclasses import replace

from cabinet.accounts import groups
from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import RightsNotHeld
from cabinet.accounts.models import Group
from cabinet.web.groups.contexts import GroupDeletion
from cabinet.web.groups.forms import GroupForm

NAME_TAKEN = "Un autre groupe du cabinet porte ce nom. Choisissez-en un autre."
NOT_HELD = "Une permission que vous n’avez pas ne peut être ni donnée ni retirée par vous."
PROTECTED = "Ce groupe d’origine ne change pas."
MOVE_FIRST = "Choisissez le groupe où vont ses collaborateurs."
WRONG_NAME = "Ce nom n’est pas celui du groupe. Recopiez-le tel qu’il est écrit au-dessous du champ."


def keep(actor: Actor, form: GroupForm, group: Group | None = None) -> Group | None:
    """The group saved; None when the form says what is refused."""
    if not form.is_valid():
        return None
    name = form.cleaned_data["name"]
    try:
        if group is None:
            return groups.create_group(actor=actor, name=name, codes=form.wanted)
        return groups.change_group(actor=actor, group=group, name=name, codes=form.wanted)
    except groups.GroupNameTaken:
        form.add_error("name", NAME_TAKEN)
    except groups.ProtectedGroup:
        form.add_error(None, PROTECTED)
    except RightsNotHeld:
        form.add_error(None, NOT_HELD)
    return None


def delete(actor: Actor, page: GroupDeletion) -> GroupDeletion | None:
    """None once deleted, else the page with what is refused."""
    form = page.form
    if not form.is_valid():
        return replace(page, error=MOVE_FIRST)
    if not form.is_named:
        return replace(page, name_error=WRONG_NAME)
    try:
        groups.delete_group(actor=actor, group=page.group, move_to=form.target)
    except groups.GroupNotEmpty:
        return replace(page, error=MOVE_FIRST)
    except RightsNotHeld:
        return replace(page, error=NOT_HELD)
    return None
