import uuid

from django.db import models


class JobState(models.TextChoices):
    WAITING = "waiting", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class Job(models.Model):
    """A piece of background work, as the user sees it: what it is doing, how far, and what went wrong.

    ``lease_until`` says until when the worker that took it is trusted to be alive; past it, another may take the job.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    step = models.CharField(max_length=40, blank=True)
    share = models.FloatField(default=0.0)
    tries = models.PositiveSmallIntegerField(default=0)
    setbacks = models.PositiveSmallIntegerField(default=0)
    """How many times the machine stopped it (disk, storage, database): none of them is a try."""
    not_before = models.DateTimeField(null=True)
    """A job that the machine stopped waits until then."""
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=("state", "lease_until"), name="jobs_to_reclaim"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.state}"


class DueWork(models.Model):
    """Recurring or delayed work: its name, and when it is next due. Claimed by the ``schedule`` command."""

    name = models.CharField(primary_key=True, max_length=60)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=36, blank=True)
    """The scheduler that runs it."""

    class Meta:
        ordering = ("next_at",)

    def __str__(self) -> str:
        return self.name
