"""Where readers and checks put what they find: exact counts, the first places only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bocage.findings import MAX_PLACES, Finding, Place, Severity, Verdict
from bocage.formats.fec.catalogue import CHECKS

PART_BITS = 32
"""Above these bits, the line number of a file of several parts bears the rank of its part: file order is kept."""


@dataclass(slots=True)
class _Heap:
    count: int = 0
    places: list[Place] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    severity: Severity | None = None
    verdict: Verdict | None = None


class Sink:
    """Collects findings by code. Places may come in any order; they leave in file order."""

    def __init__(self) -> None:
        self._heaps: dict[str, _Heap] = {}
        self.part = 0
        """The part being read, by the rank in its name; 0 when lines bear theirs already, or when there is but one."""

    def add(
        self,
        code: str,
        *,
        count: int = 1,
        places: Iterable[Place] = (),
        params: Mapping[str, str] | None = None,
        severity: Severity | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        """Note ``count`` occurrences of ``code``. Raises KeyError for a code that is not in the catalogue."""
        if code not in CHECKS:
            raise KeyError(code)
        heap = self._heaps.setdefault(code, _Heap())
        heap.count += count
        heap.places.extend(self._numbered(place) for place in places)
        if len(heap.places) > 4 * MAX_PLACES:
            heap.places = _first(heap.places)
        heap.params.update(params or {})
        heap.severity = severity or heap.severity
        heap.verdict = verdict or heap.verdict

    def _numbered(self, place: Place) -> Place:
        if not self.part or place.line is None:
            return place
        return replace(place, line=(self.part << PART_BITS) + place.line)

    def at(self, code: str, line: int, column: str | None = None, value: str | None = None) -> None:
        """Note one occurrence at one place."""
        self.add(code, places=(Place(line, column, value),))

    def count(self, code: str) -> int:
        """Occurrences so far."""
        heap = self._heaps.get(code)
        return heap.count if heap else 0

    def __contains__(self, code: str) -> bool:
        return code in self._heaps

    def blocking(self) -> bool:
        """Whether something found makes the file unusable."""
        return any((heap.severity or CHECKS[code].severity) is Severity.BLOCKING for code, heap in self._heaps.items())

    def findings(self, refused_for: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
        """Everything found, in the order of the catalogue; ``refused_for``: C/K codes that the tester refuses the
        file for."""
        found = []
        for code, check in CHECKS.items():
            heap = self._heaps.get(code)
            if heap is None:
                continue
            verdict = Verdict.CONFORME if check.either and code in refused_for else heap.verdict or check.verdict
            found.append(
                Finding(
                    code=code,
                    severity=heap.severity or check.severity,
                    count=heap.count,
                    where=tuple(in_part(place) for place in _first(heap.places)),
                    verdict=verdict,
                    params=dict(heap.params),
                )
            )
        return tuple(found)


def _first(places: list[Place]) -> list[Place]:
    ordered = sorted(places, key=lambda place: place.line or 0)
    return [_short(place) for place in ordered[:MAX_PLACES]]


def in_part(place: Place) -> Place:
    """The place with its part and its physical line apart."""
    if place.line is None or not place.line >> PART_BITS:
        return place
    return replace(place, line=place.line & ((1 << PART_BITS) - 1), part=place.line >> PART_BITS)


def _short(place: Place) -> Place:
    """A value is shown, not stored: 200 characters are enough to find it."""
    if place.value is not None and len(place.value) > 200:
        return replace(place, value=place.value[:200] + "…")
    return place
