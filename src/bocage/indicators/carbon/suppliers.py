"""Who the suppliers are, and what the user has decided about them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bocage.identifiers import Naf, Siren


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier of the books: ``key`` is its auxiliary account, or the account itself when there is none."""

    key: str
    name: str
    siren: Siren | None
    naf: Naf | None


@dataclass(frozen=True, slots=True)
class UserRule:
    """A decision of the user on lines: a branch, a category, both, or that they are out of scope (``excluded``).

    It holds for the lines that meet all that it names: a supplier (its key), accounts (a prefix), words of the label
    or of the supplier's name (whole and consecutive, a final ``*`` allows a longer word). A category gives its lines
    the codes of that category; an energy then waits for its quantity. Lines that the account map leaves out come in
    only when the account is named, as precisely as there. ``id`` is what the caller knows the rule by.
    """

    supplier: str | None = None
    account: str | None = None
    branch: str | None = None
    category: str | None = None
    words: tuple[str, ...] = ()
    excluded: bool = False
    id: str = ""


def by_precision(rules: Iterable[UserRule]) -> tuple[UserRule, ...]:
    """Rules in the order in which they are tried, the first that holds decides.

    Words before a supplier, a supplier before an account, a longer account before a shorter one, more words before
    fewer; then as they were given.
    """
    return tuple(sorted(rules, key=lambda one: (not one.words, not one.supplier, -len(one.account or ""), _width(one))))


def _width(rule: UserRule) -> int:
    return -sum(map(len, rule.words))


class Rules:
    """The user's decisions, looked up. ``worded`` are those that need the words of a line."""

    def __init__(self, rules: Iterable[UserRule]) -> None:
        ordered = by_precision(rules)
        self.worded = tuple(rule for rule in ordered if rule.words)
        self._suppliers: dict[str, list[UserRule]] = {}
        for rule in ordered:
            if rule.supplier and not rule.words:
                self._suppliers.setdefault(rule.supplier, []).append(rule)
        self._accounts = [rule for rule in ordered if rule.account and not rule.words and not rule.supplier]

    def of(self, account: str, supplier: str | None, worded: int | None = None) -> UserRule | None:
        """The decision that holds for a line; ``worded`` is the rank of the first rule whose words it bears."""
        if worded is not None:
            return self.worded[worded]
        mine = self._suppliers.get(supplier, []) if supplier else []
        return next((rule for rule in (*mine, *self._accounts) if account.startswith(rule.account or "")), None)
