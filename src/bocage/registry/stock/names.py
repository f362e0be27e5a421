"""The index of names: which companies may bear a name, best first.

The index proposes, cheaply, in tiers that get looser; each proposal is then judged on its own names, and the search
stops as soon as a tier proposes something good. Units of partial diffusion are not in the index.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import tantivy

from bocage.registry.company import Company, Establishment, State
from bocage.registry.stock.words import likeness, name_words, town_words

_PROPOSED: Final = 30
"""Companies that a tier proposes."""
_GOOD: Final = 0.9
"""A score with which no looser tier is tried."""
_FAIR: Final = 0.5
"""A score with which the costly tiers are not: those that keep some of the words only."""
_LEAST: Final = 0.4
"""Under this score a company is not a candidate."""
_WORDS: Final = 8
"""Words of a name that are looked for: the rarest."""
_ALIKE: Final = 0.6
_ELSEWHERE, _SOMEWHERE, _CLOSED = 0.85, 0.95, 0.97
"""What the score is multiplied by: another town, a town unknown, a company that is closed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company answers to a town that was asked. ``matches``: it is that town."""

    establishment: Establishment | None
    matches: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that may be the one looked for. ``score`` is between 0 and 1; 1 is the same name in the same town."""

    score: float
    company: Company
    establishment: Establishment | None
    in_town: bool
    """Whether the company has an open establishment in the town asked (False when none was asked)."""


def new_index(folder: Path) -> tantivy.Index:
    """An index on disk, opened again if it is there."""
    folder.mkdir(exist_ok=True)
    return tantivy.Index(_schema(), path=str(folder), reuse=True)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("siren", fast=True)
    builder.add_unsigned_field("slice", indexed=True)
    builder.add_text_field("name", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("town", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def add_names(writer: tantivy.IndexWriter, number: int, rows: Iterable[tuple[str, str, str | None]]) -> None:
    """Index (SIREN, folded names, folded towns) under the number of their slice, then commit.

    What an interrupted load had put there under this number is replaced.
    """
    writer.delete_documents_by_query(tantivy.Query.term_query(_schema(), "slice", number))
    for siren, names, towns in rows:
        document = tantivy.Document()
        document.add_unsigned("siren", int(siren))
        document.add_unsigned("slice", number)
        document.add_text("name", names)
        if towns:
            document.add_text("town", towns)
        writer.add_document(document)
    writer.commit()


@dataclass(slots=True)
class _Search:
    """One question: the words that tell, what each weighs, and the companies judged so far."""

    words: tuple[str, ...]
    town: tuple[str, ...]
    weigh: Callable[[str], float]
    judged: dict[str, Candidate] = field(default_factory=dict)

    @property
    def best(self) -> float:
        return max((one.score for one in self.judged.values()), default=0.0)


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The index of one version, open for reading. May be shared between threads."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises ValueError when the folder holds no index."""
        if not tantivy.Index.exists(str(folder)):
            raise ValueError("no index of names")
        index = tantivy.Index.open(str(folder))
        return cls(index.searcher(), _schema())

    def search(
        self,
        name: str,
        town: str,
        *,
        limit: int,
        company: Callable[[str], Company | None],
        place: Callable[[Company, tuple[str, ...]], Place],
    ) -> tuple[Candidate, ...]:
        """See :meth:`bocage.registry.stock.Stock.search`; ``company`` and ``place`` read the store."""
        words = self._rarest(name_words(name))
        if not words:
            return ()
        search = _Search(words, town_words(town), self._weight)
        for query in self._tiers(search):
            for siren in self._proposed(query):
                if siren not in search.judged and (found := company(siren)) is not None:
                    search.judged[siren] = _judge(search, found, place)
            if search.best >= _GOOD:
                break
        found_ones = [one for one in search.judged.values() if one.score >= _LEAST]
        found_ones.sort(key=lambda one: (-one.score, one.company.state is State.CLOSED, one.company.siren))
        return tuple(found_ones[:limit])

    def _tiers(self, search: _Search) -> Iterator[tantivy.Query]:
        words, known = search.words, {word for word in search.words if self._count(word)}
        there = [self._all("town", search.town)] if search.town else []
        if len(known) == len(words):
            exact = self._all("name", words)
            if there:
                yield _every([exact, *there])
            yield exact
        near = _every([self._near(word, known) for word in words])
        if there:
            yield _every([near, *there])
        yield near
        for other in self._cut_otherwise(words):
            yield self._all("name", other)
        sure = tuple(word for word in words if word in known)
        least = math.ceil(len(words) * _ALIKE)
        if len(words) > 2 and least <= len(sure) < len(words):
            # A word that nobody bears: the others are enough, and cheap to meet.
            yield _every([self._all("name", sure), *there])
        if search.best >= _FAIR:
            return
        if len(words) > 2:
            # A label that says more than the name does: most of the words, and the town when it is known.
            most = _most([self._near(word, known) for word in words], least)
            yield _every([most, *there])
        if len(words) > 1 and known:
            rare = min(known, key=self._count)
            yield _every([self._term("name", rare), *there])

    def _cut_otherwise(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """``bio coop`` for ``biocoop``, and ``biocoop`` for ``bio coop``."""
        for at, word in enumerate(words):
            following = word + words[at + 1] if at + 1 < len(words) else ""
            if following and self._count(following):
                yield (*words[:at], following, *words[at + 2 :])
            if not self._count(word):
                cuts = [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]
                best = max(cuts, key=lambda pair: min(self._count(pair[0]), self._count(pair[1])), default=None)
                if best is not None and min(self._count(best[0]), self._count(best[1])):
                    yield (*words[:at], *best, *words[at + 1 :])

    def _proposed(self, query: tantivy.Query) -> list[str]:
        hits = self.searcher.search(query, _PROPOSED, count=False).hits
        numbers = self.searcher.fast_field_values("siren", [address for _, address in hits])
        return [f"{int(number):09d}" for number in numbers if number is not None]

    def _rarest(self, words: tuple[str, ...]) -> tuple[str, ...]:
        kept = set(sorted(words, key=self._count)[:_WORDS])
        return tuple(word for word in words if word in kept)

    def _count(self, word: str) -> int:
        return self.searcher.doc_freq("name", word)

    def _weight(self, word: str) -> float:
        """A word that few companies bear tells more."""
        return math.log(2 + self.searcher.num_docs / (1 + self._count(word)))

    def _term(self, name: str, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, name, word, "basic")

    def _all(self, name: str, words: Sequence[str]) -> tantivy.Query:
        return _every([self._term(name, word) for word in words])

    def _near(self, word: str, known: set[str]) -> tantivy.Query:
        """The word itself when somebody bears it, else those that look like it."""
        if word in known or len(word) < 4:
            return self._term("name", word)
        distance = 1 if len(word) < 8 else 2
        return tantivy.Query.fuzzy_term_query(self.schema, "name", word, distance)


def _every(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _most(queries: Sequence[tantivy.Query], least: int) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries], least)


def _judge(search: _Search, company: Company, place: Callable[[Company, tuple[str, ...]], Place]) -> Candidate:
    where = place(company, search.town)
    score = max((_closeness(search, name) for name in _names_of(company, where.establishment)), default=0.0)
    if search.town and not where.matches:
        told = where.establishment is not None and where.establishment.address.town is not None
        score *= _ELSEWHERE if told else _SOMEWHERE
    if company.state is State.CLOSED:
        score *= _CLOSED
    return Candidate(round(score, 4), company, where.establishment, where.matches)


def _names_of(company: Company, shown: Establishment | None) -> Iterator[str]:
    yield from (name for name in (company.name, company.acronym, *company.usual_names) if name)
    for one in {*company.establishments, *((shown,) if shown else ())}:
        yield from one.trade_names


def _closeness(search: _Search, name: str) -> float:
    """How much of what was asked is in the name, then how much of the name was asked, by the weight of the words."""
    others = list(name_words(name))
    asked = found = 0.0
    met: dict[str, float] = {}
    for word in search.words:
        weight = search.weigh(word)
        likest = max(others, key=lambda other: likeness(word, other))
        alike = likeness(word, likest)
        if alike >= _ALIKE:
            found += weight * alike
            met[likest] = alike
        asked += weight
    if not met:
        return _closeness_joined(search.words, others)
    whole = sum(search.weigh(other) for other in others)
    said = sum(search.weigh(other) * alike for other, alike in met.items())
    return max(0.7 * found / asked + 0.3 * said / whole, _closeness_joined(search.words, others))


def _closeness_joined(words: Sequence[str], others: Sequence[str]) -> float:
    """The same letters cut into words another way."""
    return 0.95 if "".join(words) == "".join(others) else 0.0
