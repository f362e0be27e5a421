import uuid

from django.db import models


class LogEntry(models.Model):
    """One line of the journal: who did what to what, with the values before and after.

    Written by every service, read by the journal screens, changed by nobody. Ids are plain columns: the journal is the
    lowest room and outlives what it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    firm_id = models.UUIDField()
    action = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    origin = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    client_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=255)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("firm_id", "-at"), name="audit_by_firm"),
            models.Index(fields=("client_id", "-at"), name="audit_by_client"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_label}"
