"""Takes the second factor of somebody away: the way out when no administrator can, because it is the last one's."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from cabinet.accounts.actors import operator
from cabinet.accounts.factors import forget_second_factor
from cabinet.accounts.selectors import person_who_signs_in


class Command(BaseCommand):
    """Say whose factor would go; take it away with --apply."""

    help = (
        "Takes away the passkeys, codes and recovery codes of the person who signs in with this address, and ends "
        "their sessions: they then sign in with their password alone. Says what it would do; --apply does it. Make "
        "sure first that who asks is who they say."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--apply", action="store_true", help="Take them away, instead of saying so.")

    def handle(self, *, email: str, apply: bool, **_: Any) -> None:
        person = person_who_signs_in(email)
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if not apply:
            self.stdout.write(f"Would take the second factor of {email} away, and end their sessions.")
            self.stdout.write("Nothing was written: add --apply to do it.")
            return
        if not forget_second_factor(actor=operator(person.firm), person=person):
            raise CommandError(f"{email} has no second factor.")
        self.stdout.write(f"{email} signs in with the password alone; their sessions are over. The journal says so.")
