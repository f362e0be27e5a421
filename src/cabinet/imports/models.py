import uuid

from django.db import models
from django.db.models import Q

from cabinet.accounts.models import Collaborator, Firm
from cabinet.clients.models import Client, FiscalYear
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Origin, Refusal
from cabinet.keys.ring import new_salt


class Import(models.Model):
    """One file received, from its first byte to its end. Its original is encrypted under ``file_salt``.

    A FEC that came in several files is one import with several :class:`Part`, each with its own bytes.

    While a wizard's draft holds it, ``client`` is null and ``draft_id`` names the draft; ``subject_salt`` and
    ``subject_master`` are then those reserved for the client to come, so that pseudonyms never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="imports")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="imports")
    draft_id = models.UUIDField(null=True, db_index=True)
    received_by = models.ForeignKey(Collaborator, on_delete=models.SET_NULL, null=True, related_name="+")
    year = models.ForeignKey(FiscalYear, on_delete=models.SET_NULL, null=True, related_name="imports")
    archive = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="members")
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replaces")

    kind = models.CharField(max_length=10, choices=ImportKind, default=ImportKind.OTHER)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.WEB)
    source = models.CharField(max_length=40, blank=True)
    """The tool that a connection got it from, as people call it."""
    expected_start = models.DateField(null=True)
    expected_end = models.DateField(null=True)
    """The fiscal year that was asked of the tool, whatever came."""
    reconstructed = models.BooleanField(default=False)
    """Written by Bocage from what the tool gives: it is not the file that the tool would have made."""
    doubts = models.JSONField(default=list)
    refusal = models.CharField(max_length=20, choices=Refusal, blank=True)
    confirmed_company = models.BooleanField(default=False)

    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    file_salt = models.BinaryField(default=new_salt, editable=False)
    has_original = models.BooleanField(default=True)
    subject_salt = models.BinaryField(editable=False)
    subject_master = models.BinaryField(editable=False)

    identified_as = models.CharField(max_length=20, blank=True)
    expected_siren = models.CharField(max_length=9)
    siren = models.CharField(max_length=9, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    coherent_closing = models.DateField(null=True)
    first_entry = models.DateField(null=True)
    last_entry = models.DateField(null=True)
    lines = models.BigIntegerField(null=True)
    entries = models.BigIntegerField(null=True)
    people = models.IntegerField(null=True)
    report = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)

    tries = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-received_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(draft_id__isnull=False), name="imports_client_or_draft"
            ),
            models.UniqueConstraint(
                fields=("year",), condition=Q(state="accepted", kind="fec"), name="imports_one_fec_a_year"
            ),
        )
        indexes = (models.Index(fields=("client", "state", "kind"), name="imports_of_client"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def is_settled(self) -> bool:
        return self.state not in {ImportState.RECEIVED, ImportState.READING}

    @property
    def doubt_labels(self) -> list[str]:
        return [Doubt(code).label for code in self.doubts]


class Part(models.Model):
    """One file of a FEC given in several: its bytes are kept as they came, beside those of the other parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    rank = models.PositiveSmallIntegerField()
    """The number that ends its name."""
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    file_salt = models.BinaryField(editable=False)

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("source", "rank"), name="parts_one_a_rank"),)

    def __str__(self) -> str:
        return self.file_name


class Upload(models.Model):
    """A large file on its way, sent piece by piece so that a cut connection loses one piece. It ends as an import.

    ``size`` and ``modified`` (as the browser gives it) recognise the file when its sender drops it again after a cut.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    sender = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    modified = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    salt = models.BinaryField(default=new_salt, editable=False)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sender", "file_name", "size", "modified"), name="imports_one_upload_of_a_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name}, {self.received}/{self.size}"


class DsnReview(models.Model):
    """What the accepted DSN of a client say together: the controls between months. No person is named.

    ``findings``: see :mod:`cabinet.imports.reviewing`, which writes and reads them.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="dsn_review")
    findings = models.JSONField(default=list)
    reviewed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.client_id}"


class DeclaredMonth(models.Model):
    """One declaration of a DSN import: which establishment, which month, how many people. No person is named."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="months")
    siret = models.CharField(max_length=14)
    month = models.DateField(null=True)
    nature = models.CharField(max_length=2)
    type = models.CharField(max_length=2)
    fraction = models.CharField(max_length=2, default="11")
    scope = models.CharField(max_length=2, default="01")
    ordre = models.BigIntegerField(default=0)
    file_date = models.DateField(null=True)
    individuals = models.IntegerField(default=0)
    counts = models.BooleanField(default=False)
    """Whether it is the declaration that counts for its key, among the accepted imports of its client."""

    class Meta:
        ordering = ("month", "siret", "id")
        indexes = (models.Index(fields=("source", "month"), name="months_of_import"),)

    def __str__(self) -> str:
        return f"{self.siret} {self.month}"


class MissingData(models.Model):
    """What the latest fiscal year of a client lacks, as days, so that a list compares them with today.

    A summary that :mod:`cabinet.imports.lacking` writes and reads; a client without a row has no fiscal year.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="missing_data")
    fec_from = models.DateField(null=True)
    """The day from which its FEC is missing; None once it is there."""
    dsn_from = models.DateField(null=True)
    """The day from which the first of its months without a DSN is missing; None once all are there."""

    def __str__(self) -> str:
        return f"{self.client_id}"
