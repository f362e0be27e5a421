from django.db import models


class RegistryEntry(models.Model):
    """What a registry answered for a SIREN or a SIRET, kept for a while.

    Public facts only, already masked. Nothing here says which firm asked, nor whose client or supplier it is.
    """

    number = models.CharField(primary_key=True, max_length=14)
    siren = models.CharField(max_length=9, db_index=True)
    source = models.CharField(max_length=20)
    record = models.JSONField()
    fetched_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} ({self.source})"


class SourceState(models.Model):
    """What every process must know of a source: how often it failed lately, and when it may be called again."""

    name = models.CharField(primary_key=True, max_length=60)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    next_call_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
