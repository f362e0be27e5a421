"""What the referentials keep in the storage: the rows of the releases that were obtained."""

from collections.abc import Iterator, Sequence

from cabinet.reference_updates.models import FactorRelease

RELEASES = "referentials/base_carbone"


def release_name(version: str) -> str:
    """The name of the rows of a release."""
    return f"{RELEASES}/{version}.csv.gz"


class Releases:
    """One file for each release of Base Carbone that was obtained."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{RELEASES}/")

    def named(self, names: Sequence[str]) -> set[str]:
        return set(self.needed()).intersection(names)

    def needed(self) -> Iterator[str]:
        for version in FactorRelease.objects.order_by("version").values_list("version", flat=True):
            yield release_name(version)
