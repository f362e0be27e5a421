from django.db import models

from cabinet.clients.models import FiscalYear


class Estimate(models.Model):
    """The carbon estimate of a fiscal year, as it was computed: totals, cells, versions and the hash of its inputs.

    Its lines are a Parquet file beside the facts of the FEC ``import_id``, under ``file_name``.
    """

    year = models.OneToOneField(FiscalYear, on_delete=models.CASCADE, related_name="carbon")
    import_id = models.UUIDField()
    file_name = models.CharField(max_length=80)
    total = models.DecimalField(max_digits=24, decimal_places=6)
    half_width = models.DecimalField(max_digits=24, decimal_places=6)
    turnover = models.DecimalField(max_digits=24, decimal_places=2)
    excluded = models.DecimalField(max_digits=24, decimal_places=2)
    method = models.CharField(max_length=20)
    factors_version = models.CharField(max_length=60)
    ratio_year = models.PositiveSmallIntegerField()
    ratio_year_wanted = models.PositiveSmallIntegerField()
    cells = models.JSONField()
    factors = models.JSONField()
    asked = models.JSONField(default=list)
    missing = models.JSONField(default=dict)
    to_confirm = models.PositiveIntegerField()
    library = models.CharField(max_length=20)
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("year",)

    def __str__(self) -> str:
        return f"carbon {self.year_id}"


class SupplierSpend(models.Model):
    """What a supplier of the books weighs in an estimate: euros excluding VAT, kgCO2e, doubt left by its branch.

    ``is_account``: lines without supplier whose branch is unknown, by their account.
    """

    estimate = models.ForeignKey(Estimate, on_delete=models.CASCADE, related_name="suppliers")
    key = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    amount = models.DecimalField(max_digits=24, decimal_places=2)
    missing = models.DecimalField(max_digits=24, decimal_places=2)
    kgco2e = models.DecimalField(max_digits=24, decimal_places=6)
    doubt = models.DecimalField(max_digits=24, decimal_places=6)
    lines = models.PositiveIntegerField()
    is_account = models.BooleanField(default=False)

    class Meta:
        ordering = ("-kgco2e", "id")
        constraints = (models.UniqueConstraint(fields=("estimate", "key"), name="carbon_supplier_once"),)

    def __str__(self) -> str:
        return self.key
