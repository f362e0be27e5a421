from django.db import models

from cabinet.accounts.models import Collaborator
from cabinet.clients.models import FiscalYear
from cabinet.dossiers.proofs import Proven


class Kind(models.TextChoices):
    """What somebody says of a data point; the codes are those of ``bocage.vsme.Status``."""

    ANSWERED = "answered", "Donner la réponse"
    NOT_APPLICABLE = "not_applicable", "Sans objet pour cette entreprise"
    OMITTED = "omitted", "Omettre, information sensible ou classifiée"


class PointAnswer(Proven):
    """What somebody answered for a data point of a fiscal year, with their reason. The last one stands."""

    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="vsme_answers")
    concept = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=Kind)
    value = models.TextField(blank=True)
    reason = models.TextField()
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("concept",)
        constraints = (models.UniqueConstraint(fields=("year", "concept"), name="vsme_answer_once"),)

    def __str__(self) -> str:
        return f"{self.concept} {self.year_id}"
