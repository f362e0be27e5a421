import uuid

from django.db import models

from cabinet.accounts.models import Collaborator
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.proofs import Proven


class Dossier(models.Model):
    """The client's working space: one per client."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="dossier")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"dossier {self.client_id}"


class MissionType(models.TextChoices):
    CSR = "csr", "Diagnostic RSE"
    CARBON = "carbon", "Bilan carbone"
    VSME = "vsme", "Rapport VSME"


class MissionState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminée"


class Mission(models.Model):
    """A piece of CSR work in a dossier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="missions")
    type = models.CharField("type", max_length=10, choices=MissionType, default=MissionType.CSR)
    state = models.CharField("état", max_length=10, choices=MissionState, default=MissionState.DRAFT)
    year = models.ForeignKey(
        FiscalYear, on_delete=models.SET_NULL, null=True, blank=True, related_name="missions", verbose_name="exercice"
    )
    deadline = models.DateField("échéance", null=True, blank=True)
    manager = models.ForeignKey(
        Collaborator, on_delete=models.PROTECT, related_name="missions_managed", verbose_name="responsable"
    )
    people: "models.ManyToManyField[Collaborator, models.Model]" = models.ManyToManyField(
        Collaborator, related_name="missions", blank=True, verbose_name="intervenants"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return self.get_type_display()


class IndicatorSnapshot(models.Model):
    """One figure of a fiscal year, as it was computed: value, status, sources, versions and the hash of its inputs."""

    id = models.BigAutoField(primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="snapshots")
    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="snapshots")
    family = models.CharField(max_length=12)
    code = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True)
    formula = models.TextField(blank=True)
    exclusions = models.TextField(blank=True)
    variants = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    breakdown = models.JSONField(default=list)
    library = models.CharField(max_length=20)
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(auto_now=True)

    manual: "ManualValue | None" = None
    """Set on a copy made for reading: what a person gave in the place of the value computed."""
    computed: "IndicatorSnapshot | None" = None
    """On such a copy, the figure as it was computed."""

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("year", "code"), name="dossiers_figure_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.year_id}"


class ManualValue(Proven):
    """What a person says a figure is, in the place of what the files say: who, when, why, and what proves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="manual_values")
    code = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=24, decimal_places=6)
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("year", "code"), name="dossiers_manual_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.year_id}"


class Comment(models.Model):
    """What somebody says of a figure of a year, for the firm only: ``topic`` names the figure (``figure:turnover``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="comments")
    topic = models.CharField(max_length=300)
    text = models.TextField()
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    written_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("written_at", "id")
        indexes = (models.Index(fields=("year", "topic"), name="dossiers_comment_topic"),)

    def __str__(self) -> str:
        return f"{self.topic} {self.year_id}"
