import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cabinet.accounts.models import Collaborator, Firm, User
from cabinet.accounts.permissions import Role
from cabinet.audit.models import LogEntry
from cabinet.management.commands import createfirm

pytestmark = pytest.mark.django_db
PASSWORD = "sept pommiers en avril"


def create(*options: str, **given: str) -> str:
    out = io.StringIO()
    person = {"first-name": "Aline", "last-name": "Besnard", "email": "Aline@Exemple.test"} | given
    call_command("createfirm", "Cabinet Besnard", *(f"--{k}={v}" for k, v in person.items()), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the operator types, prompt after prompt, at a terminal."""
    answers: list[str] = []
    monkeypatch.setattr(createfirm.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(createfirm.getpass, "getpass", lambda prompt: answers.pop(0))
    return answers


def test_nothing_is_written_without_apply() -> None:
    assert "Nothing was written" in create("--without-password")
    assert not Firm.objects.exists()


def test_a_firm_gets_its_groups_and_an_administrator_who_signs_in(typed: list[str]) -> None:
    typed += [PASSWORD, PASSWORD]
    create("--apply")
    firm = Firm.objects.get()
    person = Collaborator.objects.get(firm=firm)
    assert firm.name == "Cabinet Besnard"
    assert {group.role for group in firm.groups.all()} == {Role.ADMINISTRATOR, Role.EXPERT, Role.COLLABORATOR}
    assert person.group.role == Role.ADMINISTRATOR
    assert User.objects.get(email="aline@exemple.test").check_password(PASSWORD)
    assert LogEntry.objects.filter(firm_id=firm.id, action="firm.created").count() == 1


def test_the_password_may_be_chosen_later() -> None:
    create("--apply", "--without-password")
    assert not User.objects.get().has_usable_password()


def test_an_address_signs_in_to_one_firm_only() -> None:
    create("--apply", "--without-password")
    with pytest.raises(CommandError, match="already signs in"):
        create("--apply", "--without-password", email="ALINE@exemple.test")
    assert Firm.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "message"),
    [([PASSWORD, "autre chose"], "differ"), (["court", "court"], "trop court"), (["123456789012"] * 2, "trop vite")],
)
def test_a_poor_password_is_refused(typed: list[str], answers: list[str], message: str) -> None:
    typed += answers
    with pytest.raises(CommandError, match=message):
        create("--apply")
    assert not Firm.objects.exists()


def test_a_password_is_asked_for_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(createfirm.sys, "stdin", io.StringIO(PASSWORD))
    with pytest.raises(CommandError, match="at a terminal"):
        create("--apply")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"email": "aline"}, "not an e-mail"),
        ({"first-name": " "}, "first name"),
        ({"last-name": "x" * 81}, "last name"),
    ],
)
def test_what_is_typed_is_checked_before_anything(given: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        create("--apply", "--without-password", **given)
    assert not Firm.objects.exists()
