import uuid

from django.db import models
from django.db.models import Q

from cabinet.accounts.models import Collaborator, Firm
from cabinet.clients.models import Client


class Connection(models.Model):
    """An accounting or payroll tool that a firm has opened to us.

    ``sealed``: see :mod:`cabinet.connectors.vault`, which alone writes and reads it. ``hints``: the last four signs of
    each secret. ``options``: what was typed and is no secret. ``failures``, ``pauses``, ``open_until`` and ``blocked``:
    see :mod:`cabinet.connectors.breaker`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="connections")
    tool = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    sealed = models.BinaryField(editable=False)
    hints = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_on = models.DateField(null=True)

    enabled = models.BooleanField(default=True)
    blocked = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True)

    who = models.CharField(max_length=200, blank=True)
    warnings = models.JSONField(default=list)
    tested_at = models.DateTimeField(null=True)
    """When a test last succeeded with the secrets that are kept."""
    worked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=30, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("tool", "name", "id")
        indexes = (models.Index(fields=("firm", "tool"), name="connectors_of_firm"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        """Tested with the present secrets, and neither switched off nor refused since."""
        return self.enabled and not self.blocked and self.tested_at is not None


class ToolCompany(models.Model):
    """A company of a tool, and the client that it is. ``by_hand``: somebody chose, the numbers no longer decide.

    ``years``: what the tool said of its fiscal years, read and written by :mod:`cabinet.connectors.listing`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="companies")
    ref = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    siren = models.CharField(max_length=9, blank=True, db_index=True)
    siret = models.CharField(max_length=14, blank=True)
    code = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="tool_companies")
    by_hand = models.BooleanField(default=False)
    years = models.JSONField(default=list)
    years_at = models.DateTimeField(null=True)
    years_error = models.CharField(max_length=30, blank=True)
    years_detail = models.CharField(max_length=300, blank=True)
    nightly = models.BooleanField(default=False)
    nightly_on = models.DateField(null=True)
    """The last day on which the nightly pull asked for it."""

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("connection", "ref"), name="connectors_company_once"),)

    def __str__(self) -> str:
        return self.name


class PullState(models.TextChoices):
    WAITING = "waiting", "En attente"
    RUNNING = "running", "En cours"
    LATER = "later", "Repris plus tard"
    DONE = "done", "Reçu"
    SAME = "same", "Déjà à jour"
    ABSENT = "absent", "Rien pour cette période"
    FAILED = "failed", "Échoué"


LIVE_PULLS = (PullState.WAITING, PullState.RUNNING, PullState.LATER)


class Pull(models.Model):
    """One fiscal year or one month asked of a tool, for a client, or for the draft of one.

    ``remote_id`` is the tool's own name of an export that it prepares, kept before it is asked after: a worker that
    dies takes it up again. ``holder_*``: what an import of a draft needs of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pulls")
    company = models.ForeignKey(ToolCompany, on_delete=models.CASCADE, related_name="pulls")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="pulls")
    draft_id = models.UUIDField(null=True, db_index=True)
    holder_salt = models.BinaryField(null=True, editable=False)
    holder_master = models.BinaryField(null=True, editable=False)
    asked_by = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    nightly = models.BooleanField(default=False)
    start = models.DateField()
    end = models.DateField()
    year_ref = models.CharField(max_length=60, blank=True)

    state = models.CharField(max_length=10, choices=PullState, default=PullState.WAITING)
    remote_id = models.CharField(max_length=100, blank=True)
    polls = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    files = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=30, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(draft_id__isnull=False), name="connectors_client_or_draft"
            ),
            models.UniqueConstraint(
                fields=("company", "client", "start", "end"),
                condition=Q(state__in=("waiting", "running", "later")),
                name="connectors_one_live_pull",
            ),
            models.UniqueConstraint(
                fields=("company", "draft_id", "start", "end"),
                condition=Q(state__in=("waiting", "running", "later")),
                name="connectors_one_live_pull_of_draft",
            ),
        )
        indexes = (models.Index(fields=("state", "next_at"), name="connectors_due"),)

    def __str__(self) -> str:
        return f"{self.company_id} {self.start}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_PULLS
