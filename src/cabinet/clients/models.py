import uuid

from django.db import models
from django.db.models.functions import Lower

from cabinet.accounts.models import Collaborator, Firm
from cabinet.keys.ring import new_salt
from cabinet.portfolios.models import Portfolio


class Client(models.Model):
    """A company, one establishment (SIRET), followed by the firm.

    ``ape`` is a code of NAF rév. 2; ``ape_2025`` is the other one, which the registry gives beside it until 2027.
    ``salt`` feeds the client's keys (files, pseudonyms): deleting the client erases it, and so the keys.
    ``corrected`` holds, for each field that a person changed, the registry's value.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="clients")
    siret = models.CharField("SIRET", max_length=14)
    siren = models.CharField("SIREN", max_length=9)
    name = models.CharField("nom de l’entreprise", max_length=200)
    search_name = models.CharField(max_length=200, editable=False, default="")
    ape = models.CharField("code APE", max_length=6, blank=True)
    ape_2025 = models.CharField("code APE en NAF 2025", max_length=6, blank=True)
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    town = models.CharField("commune", max_length=100, blank=True)
    country = models.CharField("pays", max_length=80, blank=True)
    legal_form = models.CharField("forme juridique", max_length=4, blank=True)
    is_head_office = models.BooleanField("siège social", null=True)
    opened_on = models.DateField("date de création", null=True)
    closed_on = models.DateField("date de fermeture", null=True)
    size_band = models.CharField("tranche d’effectif", max_length=2, blank=True)
    idcc = models.CharField("convention collective", max_length=60, blank=True)
    registry_source = models.CharField(max_length=40, blank=True)
    registry_at = models.DateTimeField(null=True)
    registry_checked_at = models.DateTimeField(null=True, db_index=True)
    """When the registry was last asked whether anything had changed, and answered."""
    to_complete = models.BooleanField(default=False)
    corrected = models.JSONField(default=dict)
    file_code = models.CharField("code dossier", max_length=30, blank=True)
    contact_name = models.CharField("personne de contact", max_length=120, blank=True)
    contact_email = models.EmailField("e-mail du contact", blank=True)
    manager = models.ForeignKey(Collaborator, on_delete=models.PROTECT, related_name="clients_managed")
    portfolios: "models.ManyToManyField[Portfolio, models.Model]" = models.ManyToManyField(
        Portfolio, related_name="clients", blank=True
    )
    is_active = models.BooleanField(default=True)
    salt = models.BinaryField(default=new_salt, editable=False)
    master_name = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = (Lower("name"), "id")
        constraints = (
            models.UniqueConstraint(fields=("firm", "siret"), name="clients_siret_once"),
            models.UniqueConstraint(
                "firm", Lower("file_code"), condition=~models.Q(file_code=""), name="clients_file_code_once"
            ),
        )
        indexes = (
            models.Index(fields=("firm", "is_active", "search_name"), name="clients_list"),
            models.Index(fields=("firm", "siren"), name="clients_siren"),
        )

    def __str__(self) -> str:
        return self.name


class NewsKind(models.TextChoices):
    """What the registry says that the client does not say yet."""

    CLOSED = "closed", "Établissement fermé"
    DUPLICATE = "duplicate", "Entreprise enregistrée deux fois"
    CHANGED = "changed", "Fiche changée"


class RegistryNews(models.Model):
    """What the registry says of a client since it was last read, until somebody takes it over or dismisses it.

    ``found`` holds the registry's value of each field that changed. ``follows`` is the SIRET that takes over a closed
    establishment, or the SIREN that remains of a company registered twice.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="registry_news")
    kind = models.CharField(max_length=10, choices=NewsKind)
    found = models.JSONField(default=dict)
    closed_on = models.DateField(null=True)
    follows = models.CharField(max_length=14, blank=True)
    source = models.CharField(max_length=20)
    read_at = models.DateTimeField()
    dismissed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-read_at", "client_id")

    def __str__(self) -> str:
        return f"{self.client_id} {self.kind}"


class SavedFilter(models.Model):
    """A filter of the clients list that a person keeps under a name; ``query`` is what its address carries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField("nom", max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = (Lower("name"), "id")
        constraints = (models.UniqueConstraint("owner", Lower("name"), name="clients_filter_name_once"),)

    def __str__(self) -> str:
        return self.name


class FiscalYear(models.Model):
    """A start and an end date in a dossier; holds one FEC. DSN hang on the client by month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="years")
    start = models.DateField("date de début")
    end = models.DateField("date de fin")
    assumed = models.BooleanField(default=False)
    """Made for DSN months when nobody had given dates yet: a FEC or a person may still move it."""

    class Meta:
        ordering = ("-end", "id")
        constraints = (
            models.UniqueConstraint(fields=("client", "start", "end"), name="clients_year_once"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="clients_year_in_order"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """« 2025 » when the year is the calendar's, else « 2024-2025 »."""
        return str(self.end.year) if self.start.year == self.end.year else f"{self.start.year}-{self.end.year}"
