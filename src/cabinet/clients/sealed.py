"""What the clients keep sealed: the key of the pseudonyms of their employees."""

from collections.abc import Iterator
from uuid import UUID

from cabinet.clients.models import Client
from cabinet.keys import pseudonyms


class Pseudonyms:
    """One key for each client."""

    label = "pseudonym keys of clients"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        for one, kept in Client.objects.order_by("id").values_list("id", "master_name").iterator():
            yield one, pseudonyms.kept_under(bytes(kept))

    def reseal(self, one: UUID) -> bool:
        row = Client.objects.filter(id=one).values_list("salt", "master_name").first()
        if row is None:
            return False
        salt, kept = map(bytes, row)
        made = pseudonyms.kept_anew(salt, kept)
        return bool(Client.objects.filter(id=one, master_name=kept).update(master_name=made))
