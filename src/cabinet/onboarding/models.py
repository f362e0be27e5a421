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


class RowState(models.TextChoices):
    WAITING = "waiting", "À importer"
    CREATED = "created", "Créé"
    REFUSED = "refused", "Non créé"


class ClientSheet(models.Model):
    """A list of clients dropped as CSV or XLSX: for its owner only, read row by row, purged after 14 days.

    ``manager`` is in charge of the rows that name nobody known. ``started_at`` says that the import was asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="client_sheets")
    owner = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="client_sheets")
    manager = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    salt = models.BinaryField(default=new_salt, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return f"liste de clients {self.id}"


class SheetRow(models.Model):
    """One row: what the file says and what is wrong with it, whether it is to be imported, what became of it.

    ``sealed`` is written and read by :mod:`cabinet.onboarding.sheets.sealing`. ``doubtful`` rows have a problem,
    ``blocked`` ones cannot be chosen. ``reason`` says why a chosen row was not created after all, or what a created
    client lacks.
    """

    sheet = models.ForeignKey(ClientSheet, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    """The line of the file, its head being the first."""
    sealed = models.BinaryField(editable=False)
    doubtful = models.BooleanField(default=False)
    blocked = models.BooleanField(default=False)
    chosen = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    client_id = models.UUIDField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("sheet", "number"), name="onboarding_row_once"),)
        indexes = (models.Index(fields=("sheet", "state", "chosen", "number"), name="onboarding_rows_to_do"),)

    def __str__(self) -> str:
        return f"ligne {self.number}"
