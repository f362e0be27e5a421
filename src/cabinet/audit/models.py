import uuid
from typing import Any, Never

from django.db import models


class ReadOnlyEntry(RuntimeError):
    """Something tried to change or remove a line of the journal."""


class Entries(models.QuerySet["LogEntry"]):
    """Lines are added and read. The chain and the erasure of a deleted client stand in ``chain`` and ``services``."""

    def update(self, **_kwargs: Any) -> Never:
        raise ReadOnlyEntry

    def delete(self) -> Never:
        raise ReadOnlyEntry

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> Never:
        raise ReadOnlyEntry


class LogEntry(models.Model):
    """One line of the journal: who did what to what, with the values before and after.

    Written by every service, read by the journal screens, changed by nobody. Ids are plain columns: the journal is the
    lowest room and outlives what it speaks of. ``position`` and ``digest`` are set once the line is committed, see
    ``chain``; ``content_digest`` stays when the content of a deleted client is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    firm_id = models.UUIDField()
    action = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    origin = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, default="")
    client_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=255)
    changes = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, default="")
    content_digest = models.CharField(max_length=64, default="")
    erased = models.BooleanField(default=False)
    position = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, default="")

    objects = models.Manager.from_queryset(Entries)()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint(fields=("firm_id", "position"), name="audit_chain"),)
        indexes = (
            models.Index(fields=("firm_id", "-at", "-id"), name="audit_by_firm_and_date"),
            models.Index(fields=("firm_id", "action", "-at"), name="audit_by_action"),
            models.Index(fields=("firm_id", "actor_id", "-at"), name="audit_by_person"),
            models.Index(fields=("client_id", "-at"), name="audit_by_client"),
            models.Index(
                fields=("firm_id", "at", "id"), condition=models.Q(position__isnull=True), name="audit_to_seal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ReadOnlyEntry
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        raise ReadOnlyEntry


class ChainHead(models.Model):
    """The last link of a firm's chain: how many lines it holds, and the digest of the last one."""

    firm_id = models.UUIDField(primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.firm_id} {self.position}"
