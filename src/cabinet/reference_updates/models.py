from django.db import models


class FactorRelease(models.Model):
    """A release of Base Carbone that this installation obtained. Its rows are a file that is never written again.

    ``sha256`` is that of the rows kept, ``received_sha256`` of what was received; ``origin`` is an address or the name
    of a file.
    """

    version = models.CharField(primary_key=True, max_length=20)
    title = models.CharField(max_length=200)
    published_on = models.DateField(null=True)
    obtained_at = models.DateTimeField(auto_now_add=True)
    origin = models.CharField(max_length=300)
    source = models.CharField(max_length=100)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    factors = models.PositiveIntegerField()

    class Meta:
        ordering = ("obtained_at", "version")

    def __str__(self) -> str:
        return f"Base Carbone {self.version}"
