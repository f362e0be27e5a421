"""A firm and its first administrator: the only way in, since public sign-up is closed."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email

from cabinet.accounts.models import Position, User
from cabinet.accounts.services import EmailTaken, Person, create_firm


class Command(BaseCommand):
    """Say what would be created; create it with --apply."""

    help = (
        "Creates a firm, its three groups and its first administrator. Says what it would do; --apply does it. "
        "The password is asked for at the terminal, or chosen later by e-mail with --without-password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The firm’s name.")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--email", required=True, help="The administrator signs in with it.")
        parser.add_argument(
            "--without-password",
            action="store_true",
            help="Ask for no password: the administrator uses « Mot de passe oublié » on the sign-in page.",
        )
        parser.add_argument("--apply", action="store_true", help="Create the firm, instead of saying what would be.")

    def handle(self, *, name: str, email: str, without_password: bool, apply: bool, **options: Any) -> None:
        person = Person(
            first_name=_text("first name", options["first_name"]),
            last_name=_text("last name", options["last_name"]),
            email=_email(email),
            position=Position.EXPERT,
        )
        name = _text("firm’s name", name, 120)
        if not apply:
            self.stdout.write(f"Would create the firm “{name}” with {person.email} as its administrator.")
            self.stdout.write("Nothing was written: add --apply to create it.")
            return
        password = None if without_password else _password(person)
        try:
            firm, _ = create_firm(name=name, administrator=person, password=password)
        except EmailTaken:
            raise CommandError(f"{person.email} already signs in to a firm: give another address.") from None
        self.stdout.write(f"The firm “{firm.name}” exists; {person.email} administers it.")


def _text(what: str, value: str, limit: int = 80) -> str:
    text = value.strip()
    if not text or len(text) > limit:
        raise CommandError(f"The {what} holds 1 to {limit} characters.")
    return text


def _email(value: str) -> str:
    email = value.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{value} is not an e-mail address.") from None
    return email


def _password(person: Person) -> str:
    if not sys.stdin.isatty():
        raise CommandError("A password is asked for at a terminal: use one, or add --without-password.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two passwords differ.")
    try:
        validate_password(password, User(email=person.email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
