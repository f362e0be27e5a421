"""What the connections keep sealed: the secrets that open the tools."""

from collections.abc import Iterator
from uuid import UUID

from cabinet.connectors.models import Connection, Pull
from cabinet.connectors.vault import bound_to
from cabinet.keys import pseudonyms
from cabinet.keys.ring import Purpose
from cabinet.keys.rotation import anew, name_of


class Secrets:
    """Those of one connection together."""

    label = "connections"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        for one, kept in Connection.objects.order_by("id").values_list("id", "sealed").iterator():
            yield one, name_of(bytes(kept))

    def reseal(self, one: UUID) -> bool:
        row = Connection.objects.filter(id=one).values_list("firm_id", "firm__salt", "tool", "sealed").first()
        if row is None:
            return False
        firm_id, salt, tool, kept = row[0], bytes(row[1]), row[2], bytes(row[3])
        made = anew(kept, purpose=Purpose.CONNECTOR, salt=salt, bound_to=bound_to(firm_id, tool))
        return bool(Connection.objects.filter(id=one, sealed=kept).update(sealed=made))


class Pseudonyms:
    """The pseudonym keys that pulls for drafts carry."""

    label = "pseudonym keys of pulls"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        carrying = Pull.objects.filter(holder_master__isnull=False).order_by("id")
        for one, kept in carrying.values_list("id", "holder_master").iterator():
            if kept is not None:
                yield one, pseudonyms.kept_under(bytes(kept))

    def reseal(self, one: UUID) -> bool:
        row = Pull.objects.filter(id=one).values_list("holder_salt", "holder_master").first()
        if row is None or row[0] is None or row[1] is None:
            return False
        salt, kept = bytes(row[0]), bytes(row[1])
        made = pseudonyms.kept_anew(salt, kept)
        return bool(Pull.objects.filter(id=one, holder_master=kept).update(holder_master=made))
