import uuid

from django.db import models
from django.db.models.functions import Lower

from cabinet.accounts.models import Collaborator, Firm


class Portfolio(models.Model):
    """A segment of the clients; who is in it may work on them. Its responsables run it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="portfolios")
    name = models.CharField("nom", max_length=80)
    responsables: "models.ManyToManyField[Collaborator, models.Model]" = models.ManyToManyField(
        Collaborator, related_name="portfolios_run"
    )
    members: "models.ManyToManyField[Collaborator, models.Model]" = models.ManyToManyField(
        Collaborator, related_name="portfolios"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = (Lower("name"), "id")
        constraints = (models.UniqueConstraint("firm", Lower("name"), name="portfolios_name"),)

    def __str__(self) -> str:
        return self.name
