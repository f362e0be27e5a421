"""What is wrong with the rows of a list, before anything is created."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bocage.identifiers import check_number
from cabinet.accounts.actors import Actor
from cabinet.accounts.names import fold
from cabinet.accounts.selectors import managers
from cabinet.clients.numbers import file_codes_taken, sirets_followed
from cabinet.onboarding.sheets.reading import SheetLine
from cabinet.portfolios.access import usable_portfolios

BLOCKING = frozenset({
    "siret_missing", "siret_wrong", "siret_twice", "already_followed", "file_code_twice", "file_code_taken", "too_long",
})  # fmt: skip
"""With one of these, the row cannot be imported."""

CHOICE = frozenset({"unknown_manager", "manager_twice", "unknown_portfolio", "wrong_email"})
"""With one of these, it can, without what is wrong: the person decides."""

LENGTHS = {"name": 200, "file_code": 30, "contact_name": 120, "contact_email": 254}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem of a row: its code, and what it is about (a value of the row, or a line of the file)."""

    code: str
    about: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the row cannot be imported."""
        return self.code in BLOCKING


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row and its problems."""

    line: SheetLine
    troubles: tuple[Trouble, ...]

    @property
    def blocked(self) -> bool:
        """Whether it cannot be imported."""
        return any(trouble.blocks for trouble in self.troubles)


@dataclass(slots=True)
class Directory:
    """Who and what a row may name, read once for the whole list."""

    people: dict[str, list[UUID]] = field(default_factory=dict)
    portfolios: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor) -> "Directory":
        """The people who may be in charge (by address, and by name either way round), the portfolios by name."""
        found = cls(portfolios={fold(one.name): one.id for one in usable_portfolios(actor)})
        for person in managers(actor.firm):
            full, reverse = f"{person.first_name} {person.last_name}", f"{person.last_name} {person.first_name}"
            for key in {fold(person.email), fold(full), fold(reverse)}:
                found.people.setdefault(key, []).append(person.id)
        return found

    def manager(self, text: str) -> list[UUID]:
        """Those whom the text may mean."""
        return self.people.get(fold(text), [])


def portfolio_names(text: str) -> list[str]:
    """``Agro, Mayenne | Santé`` → three names."""
    for separator in "|/;":
        text = text.replace(separator, ",")
    return [name for part in text.split(",") if (name := part.strip())]


def check_rows(actor: Actor, lines: Iterable[SheetLine]) -> Iterator[CheckedRow]:
    """Each row with its problems, in order."""
    directory = Directory.of(actor)
    followed, codes = sirets_followed(actor.firm), file_codes_taken(actor.firm)
    seen: dict[str, int] = {}
    codes_seen: dict[str, int] = {}
    for line in lines:
        values = line.values
        troubles = [
            *_siret(values.get("siret", ""), line.number, seen, followed),
            *_file_code(values.get("file_code", ""), line.number, codes_seen, codes),
            *(Trouble("too_long", name) for name, limit in LENGTHS.items() if len(values.get(name, "")) > limit),
            *_people(values, directory),
        ]
        yield CheckedRow(line, tuple(troubles))


def _siret(text: str, number: int, seen: dict[str, int], followed: frozenset[str]) -> Iterator[Trouble]:
    if not text:
        yield Trouble("siret_missing")
        return
    check = check_number(text, expected="siret")
    if not check.valid:
        yield Trouble("siret_wrong", text[:40])
    elif check.digits in seen:
        yield Trouble("siret_twice", str(seen[check.digits]))
    else:
        seen[check.digits] = number
        if check.digits in followed:
            yield Trouble("already_followed", check.digits)


def _file_code(text: str, number: int, seen: dict[str, int], taken: frozenset[str]) -> Iterator[Trouble]:
    key = text.lower()
    if not key:
        return
    if key in seen:
        yield Trouble("file_code_twice", str(seen[key]))
        return
    seen[key] = number
    if key in taken:
        yield Trouble("file_code_taken", text[:30])


def _people(values: Mapping[str, str], directory: Directory) -> Iterator[Trouble]:
    if manager := values.get("manager", ""):
        found = directory.manager(manager)
        if len(found) != 1:
            yield Trouble("manager_twice" if found else "unknown_manager", manager[:120])
    for name in portfolio_names(values.get("portfolios", "")):
        if fold(name) not in directory.portfolios:
            yield Trouble("unknown_portfolio", name[:80])
    if email := values.get("contact_email", ""):
        try:
            validate_email(email)
        except ValidationError:
            yield Trouble("wrong_email", email[:80])
