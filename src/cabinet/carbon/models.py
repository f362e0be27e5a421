import uuid

from django.db import models

from bocage.indicators.carbon import Activity
from cabinet.accounts.models import Collaborator, Firm
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.proofs import Proven


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
    wanted_version = models.CharField(max_length=60, blank=True)
    """The release that people asked for, until the figures are those of it."""
    ratio_year = models.PositiveSmallIntegerField()
    ratio_year_wanted = models.PositiveSmallIntegerField()
    cells = models.JSONField()
    factors = models.JSONField()
    asked = models.JSONField(default=list)
    missing = models.JSONField(default=dict)
    to_confirm = models.PositiveIntegerField()
    library = models.CharField(max_length=20)
    inputs_hash = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    """Total and half-width (kgCO2e, as texts) of the figures that these replaced, for the same books."""
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


class Origin(models.TextChoices):
    """Where a quantity comes from; the codes are those of ``bocage.indicators.carbon.Activity``."""

    BILLED = Activity.BILLED, "Facture ou compteur (± 5 %)"
    MILEAGE = Activity.MILEAGE, "Indemnités kilométriques (± 15 %)"
    ESTIMATED = Activity.ESTIMATED, "Estimation du client (± 30 %)"
    PRICE_CONVERTED = Activity.PRICE_CONVERTED, "Prix unitaire lu sur une facture (± 30 %)"
    ASSUMED = Activity.ASSUMED, "Hypothèse de votre part (± 50 %)"


class GivenQuantity(Proven):
    """A real quantity of a fiscal year: how much of what, where and when, who said so and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="quantities")
    category = models.CharField(max_length=30)
    factor = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=20)
    origin = models.CharField(max_length=20, choices=Origin)
    site = models.CharField(max_length=100, blank=True)
    month = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("category", "site", "month", "given_at", "id")

    def __str__(self) -> str:
        return f"{self.category} {self.year_id}"


class FactorRound(models.Model):
    """The dossiers that an administrator had brought to a release at once: those that wait, and those that failed.

    Its worker takes them one by one; ``waiting`` and ``failed`` are ids of clients.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    waiting = models.JSONField(default=list)
    failed = models.JSONField(default=list)
    asked_by = models.CharField(max_length=200)
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("firm",), condition=models.Q(ended_at__isnull=True), name="carbon_one_round_at_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.count} → {self.version}"


class FactorRevision(models.Model):
    """What another release of the factors makes of an estimate: compared first, then taken or not.

    ``changes`` are the factors whose weight moves, largest first; kilograms are written as texts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(FiscalYear, on_delete=models.CASCADE, related_name="factor_revisions")
    from_version = models.CharField(max_length=60)
    to_version = models.CharField(max_length=60)
    before = models.DecimalField(max_digits=24, decimal_places=6)
    after = models.DecimalField(max_digits=24, decimal_places=6)
    changes = models.JSONField(default=list)
    inputs_hash = models.CharField(max_length=64)
    compared_at = models.DateTimeField(auto_now=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=200, blank=True)
    round = models.ForeignKey(FactorRound, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-compared_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "to_version"), condition=models.Q(taken_at__isnull=True), name="carbon_one_proposal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_version} → {self.to_version}, {self.year_id}"


class SupplierState(models.TextChoices):
    """Where the recognition of a supplier stands."""

    SEARCHED = "searched", "À reconnaître"
    PROPOSED = "proposed", "À confirmer"
    CONFIRMED = "confirmed", "Confirmé"
    REFUSED = "refused", "Écarté"


class SupplierIdentity(models.Model):
    """Which company stands behind a supplier of a dossier, for all its years. Only ``confirmed`` changes a figure.

    ``candidates``: what the registry proposed, public facts only. ``before``: what
    the last decision replaced, to undo it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="suppliers")
    key = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=20, choices=SupplierState, default=SupplierState.SEARCHED)
    candidates = models.JSONField(default=list)
    siren = models.CharField(max_length=9, blank=True)
    company = models.CharField(max_length=255, blank=True)
    naf = models.CharField(max_length=6, blank=True)
    before = models.JSONField(null=True)
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    searched_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("client", "key"), name="carbon_identity_once"),)

    def __str__(self) -> str:
        return self.key


class KnownSupplier(models.Model):
    """What a firm remembers of the suppliers that it confirmed: a name, a public company. Neither figure nor client."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=255)
    siren = models.CharField(max_length=9)
    company = models.CharField(max_length=255)
    naf = models.CharField(max_length=6)
    town = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("words", "siren")
        constraints = (models.UniqueConstraint(fields=("firm", "words", "siren"), name="carbon_known_once"),)

    def __str__(self) -> str:
        return self.words


class ClassingRule(models.Model):
    """A person's decision on lines of a dossier, for all its years: which ones, what they become, who, when, why.

    The lines are those of a supplier, of accounts that begin with ``account``, that bear ``words``: all that is
    filled in. They become a branch or a category, or go out of scope. A rule withdrawn stays, to be put back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="classing_rules")
    supplier = models.CharField(max_length=255, blank=True)
    supplier_name = models.CharField(max_length=255, blank=True)
    account = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=100, blank=True)
    branch = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=30, blank=True)
    excluded = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("client", "supplier", "account", "words"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="carbon_rule_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.supplier or self.account or self.words} {self.client_id}"
