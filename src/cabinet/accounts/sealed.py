"""What the accounts keep sealed: the secrets of second factors. Their salt stands before what it opens, in base64."""

import base64
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from cabinet.keys.ring import SALT_BYTES, Purpose, new_salt
from cabinet.keys.rotation import anew, name_of
from cabinet.keys.streams import seal, unseal

SECRETS = ("secret", "seed")
"""The parts of a second factor that are sealed: of codes, of recovery codes."""


def seal_secret(text: str) -> str:
    """A secret, as it is kept."""
    salt = new_salt()
    return base64.b64encode(salt + seal(text.encode(), purpose=Purpose.SECOND_FACTOR, salt=salt)).decode()


def open_secret(text: str) -> str:
    """The secret. Raises Damaged, UnknownMasterKey."""
    kept = base64.b64decode(text)
    return unseal(kept[SALT_BYTES:], purpose=Purpose.SECOND_FACTOR, salt=kept[:SALT_BYTES]).decode()


class SecondFactors:
    """Codes and recovery codes; passkeys hold nothing secret."""

    label = "second factors"

    def held(self) -> Iterator[tuple[tuple[int, str], bytes]]:
        for one in Authenticator.objects.order_by("pk").iterator():
            for name in SECRETS:
                if text := one.data.get(name):
                    yield (one.pk, name), name_of(base64.b64decode(text)[SALT_BYTES:])

    @transaction.atomic
    def reseal(self, one: tuple[int, str]) -> bool:
        pk, name = one
        # Locked: a recovery code that is used meanwhile is written in the same value.
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if factor is None or not factor.data.get(name):
            return False
        kept = base64.b64decode(factor.data[name])
        made = anew(kept[SALT_BYTES:], purpose=Purpose.SECOND_FACTOR, salt=kept[:SALT_BYTES])
        factor.data[name] = base64.b64encode(kept[:SALT_BYTES] + made).decode()
        factor.save(update_fields=["data"])
        return True
