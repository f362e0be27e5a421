"""One person under several pseudonyms: a provisional number then a NIR, an old NIR then a new one."""

from collections.abc import Iterable

import duckdb


class Groups[T]:
    """Disjoint sets. The representative of a set is the one named first in the last ``join``."""

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}

    def find(self, item: T) -> T:
        """The representative of the set of ``item``."""
        root = item
        while (above := self._parent.get(root, root)) != root:
            root = above
        while (above := self._parent.get(item, item)) != root:
            self._parent[item] = root
            item = above
        return root

    def join(self, kept: T, other: T) -> None:
        """Put two sets together under the representative of ``kept``."""
        kept, other = self.find(kept), self.find(other)
        if kept != other:
            self._parent[other] = kept

    def members(self) -> Iterable[tuple[T, T]]:
        """(item, representative) for each item that is not its own representative."""
        return [(item, self.find(item)) for item in list(self._parent) if self.find(item) != item]


def link_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``people(person, pid)``: pseudonym → number of the person, one number for all pseudonyms of someone.

    The first DSN with a NIR should carry the provisional number too. When it does not, a person without NIR whose
    matricule, birth date and contract start are those of one, and only one, person with a NIR is that person.
    """
    groups: Groups[str] = Groups()
    for person, alias in connection.execute(
        """
        SELECT a.person, a.alias FROM facts_aliases a JOIN every_declaration d USING (declaration)
        ORDER BY d.seq, a.person, a.alias
        """
    ).fetchall():
        groups.join(person, alias)
    for lost, known in _matches(connection):
        if groups.find(lost) == lost:
            groups.join(known, lost)
    pairs = list(groups.members())
    connection.execute("CREATE TABLE same_person (person VARCHAR, root VARCHAR)")
    connection.execute(
        "INSERT INTO same_person SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])",
        [[person for person, _ in pairs], [root for _, root in pairs]],
    )
    connection.execute(
        """
        CREATE TABLE people AS
        SELECT person, dense_rank() OVER (ORDER BY coalesce(root, person))::INTEGER AS pid
        FROM (SELECT DISTINCT person FROM facts_contracts) LEFT JOIN same_person USING (person)
        """
    )


def _matches(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        """
        SELECT lost.person, any_value(known.person)
        FROM (SELECT DISTINCT match, person FROM facts_contracts WHERE identity <> 'nir') lost
        JOIN (SELECT DISTINCT match, person FROM facts_contracts WHERE identity = 'nir') known USING (match)
        GROUP BY lost.person
        HAVING count(DISTINCT known.person) = 1
        ORDER BY lost.person
        """
    ).fetchall()
