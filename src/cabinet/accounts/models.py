import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from cabinet.accounts.permissions import CODES, Role
from cabinet.keys.ring import new_salt

MAIN_COLOUR, ACCENT_COLOUR = "#1b4b66", "#24593a"
"""What documents wear until the firm chooses: ink of titles, and of rules and charts."""


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail, compared without case."""

    def create_user(self, email: str, password: str | None = None) -> "User":
        """A user who can sign in once a password is set."""
        user = self.model(email=self.normalize_email(email).lower())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. What they may see and do is on their :class:`Collaborator`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("adresse e-mail", unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        constraints = (models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),)

    def __str__(self) -> str:
        return self.email


class Firm(models.Model):
    """The accounting firm: the tenant. ``salt`` feeds the keys of what belongs to the firm as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("nom du cabinet", max_length=120)
    salt = models.BinaryField(default=new_salt, editable=False)
    second_factor_required = models.BooleanField("second facteur obligatoire", default=False)
    default_manager = models.ForeignKey(
        "Collaborator", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="responsable"
    )
    originals_kept_years = models.PositiveSmallIntegerField("conservation des fichiers reçus", null=True, blank=True)
    """For how long after its fiscal year a FEC is kept as received; None: until somebody removes it."""
    main_colour = models.CharField("couleur principale", max_length=7, default=MAIN_COLOUR)
    accent_colour = models.CharField("couleur d’accent", max_length=7, default=ACCENT_COLOUR)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class FirmLogo(models.Model):
    """The firm's logo, drawn again by us as PNG: nothing of the file that was sent is kept."""

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="logo")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"logo {self.firm_id}"


class Group(models.Model):
    """A named set of permissions; one per collaborator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField("nom", max_length=80)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role], default=Role.OWN)
    codes: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint("firm", Lower("name"), name="accounts_group_name"),
            models.UniqueConstraint(
                fields=("firm", "role"), condition=~models.Q(role="own"), name="accounts_group_default_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def held(self) -> frozenset[str]:
        """What its people may do: everything for administrators, whatever the row says; never an unknown code."""
        return CODES if self.role == Role.ADMINISTRATOR else frozenset(self.codes) & CODES

    @property
    def is_protected(self) -> bool:
        """Whether it is one of the three that every firm keeps."""
        return self.role != Role.OWN


class Position(models.TextChoices):
    EXPERT = "expert", "Expert-comptable"
    MISSION_HEAD = "mission_head", "Responsable de mission"
    ACCOUNTANT = "accountant", "Comptable"
    TRAINEE = "trainee", "Stagiaire"
    CSR_CONSULTANT = "csr_consultant", "Consultant RSE"
    OTHER = "other", "Autre"


class Collaborator(models.Model):
    """A person of the firm; without a user, they may only answer a questionnaire."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="collaborators")
    user = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="collaborator")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="collaborators")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    search_name = models.CharField(max_length=420, editable=False, default="")
    email = models.EmailField("adresse e-mail")
    position = models.CharField("poste", max_length=20, choices=Position, default=Position.ACCOUNTANT)
    is_director = models.BooleanField("dirigeant(e)", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("last_name", "first_name", "id")
        constraints = (models.UniqueConstraint("firm", Lower("email"), name="accounts_collaborator_email"),)
        indexes = (models.Index(fields=("firm", "is_active", "last_name"), name="accounts_people_list"),)

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()


class Invitation(models.Model):
    """A welcome e-mail: its link lets one person choose a first password, once. Only the link's digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaborator = models.ForeignKey(Collaborator, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    sent_to = models.EmailField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("collaborator", "-created_at"), name="accounts_invitations"),)

    def __str__(self) -> str:
        return f"{self.sent_to} {self.expires_at:%Y-%m-%d}"
