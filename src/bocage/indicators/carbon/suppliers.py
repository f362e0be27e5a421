"""Who the suppliers are, and what the user has decided about them."""

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
    """A decision of the user on a supplier (its key), or on accounts (a prefix): a branch, a category, or both.

    The rule of a supplier goes before that of an account, the longest prefix before a shorter one. A category gives its
    lines the codes of that category; an energy then waits for its quantity.
    """

    supplier: str | None = None
    account: str | None = None
    branch: str | None = None
    category: str | None = None


class Rules:
    """The user's decisions, looked up."""

    def __init__(self, rules: tuple[UserRule, ...]) -> None:
        self._suppliers = {rule.supplier: rule for rule in rules if rule.supplier}
        self._accounts = sorted(
            ((rule.account, rule) for rule in rules if rule.account), key=lambda pair: len(pair[0]), reverse=True
        )

    def of(self, account: str, supplier: str | None) -> UserRule | None:
        """The decision that holds for a line."""
        if supplier and supplier in self._suppliers:
            return self._suppliers[supplier]
        return next((rule for prefix, rule in self._accounts if account.startswith(prefix)), None)
