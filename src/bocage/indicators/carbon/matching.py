"""Rule M3: the row of the account map that a line falls under, by its account, then by words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from bocage.referentials.carbon import MapRow, account_map

_STARRED = re.compile(r"([^\s*]+)(\*?)")
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> list[str]:
    """The words of a text: lower case, no accents, split on anything but a–z and 0–9.

    >>> fold("Électricité (janv.-févr.)")
    ['electricite', 'janv', 'fevr']
    """
    lowered = text.lower()
    if not lowered.isascii():
        lowered = "".join(one for one in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(one))
    return _WORD.findall(lowered)


def _same(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def words_of(text: str) -> tuple[str, ...]:
    """The words that a user's rule seeks, folded; a word may end with ``*``.

    >>> words_of("Bois d’œuvre, plaqu*")
    ('bois', 'd', 'uvre', 'plaqu*')
    """
    return tuple(
        f"{folded}{'*' if starred else ''}" for part, starred in _STARRED.findall(text) for folded in fold(part)
    )


def bears(text: str, wanted: Sequence[str]) -> bool:
    """Whether a text holds these words, whole and one after the other; a final ``*`` allows a longer word.

    >>> bears("Facture bureau n° 12", ("eau",)), bears("Eaux de Rennes", ("eau*", "de"))
    (False, True)
    """
    words = fold(text)
    return any(all(map(_same, words[at:], wanted)) for at in range(len(words) - len(wanted) + 1))


class WordIndex:
    """Which rows have a keyword in a text: whole consecutive words, never inside a word."""

    def __init__(self, rows: Iterable[MapRow]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._stems: dict[int, dict[str, list[tuple[tuple[str, ...], int]]]] = {}
        for row in rows:
            for words in row.keywords:
                first = words[0]
                if first.endswith("*"):
                    stems = self._stems.setdefault(len(first) - 1, {})
                    stems.setdefault(first[:-1], []).append((words[1:], row.order))
                else:
                    self._exact.setdefault(first, []).append((words[1:], row.order))

    def rows_in(self, text: str) -> set[int]:
        """The ``order`` of the rows that the text calls for."""
        words = fold(text)
        found: set[int] = set()
        for at, word in enumerate(words):
            for rest, order in self._begun_by(word):
                following = words[at + 1 : at + 1 + len(rest)]
                if len(following) == len(rest) and all(map(_same, following, rest)):
                    found.add(order)
        return found

    def _begun_by(self, word: str) -> Iterable[tuple[tuple[str, ...], int]]:
        yield from self._exact.get(word, ())
        for length, stems in self._stems.items():
            yield from stems.get(word[:length], ())


@cache
def _index() -> WordIndex:
    return WordIndex(account_map())


class AccountMatcher:
    """The rows of one chart of accounts, chosen account by account."""

    def __init__(self, chart: str | None) -> None:
        self._rows = [row for row in account_map() if row.chart in ("any", chart)]
        self._candidates: dict[str, tuple[list[MapRow], MapRow | None]] = {}

    def _of(self, account: str) -> tuple[list[MapRow], MapRow | None]:
        """The rows with keywords that may apply, and the one that applies to any text."""
        known = self._candidates.get(account)
        if known is None:
            rows = [row for row in self._rows if account.startswith(row.prefix)]
            plain = [row for row in rows if not row.keywords]
            best = max(plain, key=lambda row: (len(row.prefix), row.chart != "any"), default=None)
            known = self._candidates[account] = ([row for row in rows if row.keywords], best)
        return known

    def by_account(self, account: str, account_label: str) -> tuple[MapRow | None, bool]:
        """The row that the account and its label decide; True when the text of the line may still change it."""
        worded, plain = self._of(account)
        if not worded:
            return plain, False
        decided = _decide(worded, account_label)
        return (decided, False) if decided else (plain, True)

    def by_texts(self, account: str, texts: Sequence[str]) -> MapRow | None:
        """The row by the texts that follow the account's label: the entry's label, the supplier's name."""
        worded, plain = self._of(account)
        for text in texts:
            decided = _decide(worded, text)
            if decided:
                return decided
        return plain


def _decide(rows: Sequence[MapRow], text: str) -> MapRow | None:
    """The longest prefix wins; None when no word matches, or when the words say several categories."""
    if not text:
        return None
    called = _index().rows_in(text)
    hit = [row for row in rows if row.order in called]
    if not hit:
        return None
    longest = max(len(row.prefix) for row in hit)
    kept = [row for row in hit if len(row.prefix) == longest]
    if len({row.category for row in kept}) > 1:
        return None
    return min(kept, key=lambda row: row.order)


@cache
def first_row_of(category: str) -> MapRow | None:
    """The row of lowest order that bears a category: it gives the codes of its quantities."""
    return next((row for row in account_map() if row.category == category and row.treatment != "exclude"), None)
