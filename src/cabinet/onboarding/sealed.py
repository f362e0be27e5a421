"""What the wizard keeps sealed: drafts, the pseudonym keys of the clients to come, the rows of lists."""

from collections.abc import Iterator
from uuid import UUID

from cabinet.keys import pseudonyms
from cabinet.keys.ring import Purpose
from cabinet.keys.rotation import anew, name_of
from cabinet.onboarding.models import Draft, SheetRow


class Drafts:
    """What the drafts hold."""

    label = "drafts"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        for one, kept in Draft.objects.order_by("id").values_list("id", "sealed").iterator():
            yield one, name_of(bytes(kept))

    def reseal(self, one: UUID) -> bool:
        row = Draft.objects.filter(id=one).values_list("salt", "sealed").first()
        if row is None:
            return False
        salt, kept = map(bytes, row)
        made = anew(kept, purpose=Purpose.DRAFT, salt=salt)
        return bool(Draft.objects.filter(id=one, sealed=kept).update(sealed=made))


class Pseudonyms:
    """The pseudonym key that each draft reserves."""

    label = "pseudonym keys of drafts"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        for one, kept in Draft.objects.order_by("id").values_list("id", "master_name").iterator():
            yield one, pseudonyms.kept_under(bytes(kept))

    def reseal(self, one: UUID) -> bool:
        row = Draft.objects.filter(id=one).values_list("salt", "master_name").first()
        if row is None:
            return False
        salt, kept = map(bytes, row)
        made = pseudonyms.kept_anew(salt, kept)
        return bool(Draft.objects.filter(id=one, master_name=kept).update(master_name=made))


class SheetRows:
    """The rows of the lists of clients."""

    label = "rows of lists"

    def held(self) -> Iterator[tuple[int, bytes]]:
        for one, kept in SheetRow.objects.order_by("pk").values_list("pk", "sealed").iterator():
            yield one, name_of(bytes(kept))

    def reseal(self, one: int) -> bool:
        row = SheetRow.objects.filter(pk=one).values_list("sheet__salt", "sealed").first()
        if row is None:
            return False
        salt, kept = map(bytes, row)
        made = anew(kept, purpose=Purpose.DRAFT, salt=salt)
        return bool(SheetRow.objects.filter(pk=one, sealed=kept).update(sealed=made))
