import uuid

from django.db import models

from cabinet.accounts.models import Collaborator, Firm
from cabinet.keys.ring import new_salt


class Draft(models.Model):
    """A « Nouveau client » under way: for its owner only, encrypted, purged after 14 days without use.

    It reserves the identity and the salt of the client to come, so that files read during the draft keep their keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="drafts")
    owner = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="drafts")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    salt = models.BinaryField(default=new_salt, editable=False)
    master_name = models.BinaryField(editable=False)
    sealed = models.BinaryField(editable=False)
    step = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at", "id")

    def __str__(self) -> str:
        return f"brouillon {self.id}"
