import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from cabinet.accounts.permissions import Role
from cabinet.keys.ring import new_salt


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
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


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
    email = models.EmailField("adresse e-mail")
    position = models.CharField("poste", max_length=20, choices=Position, default=Position.ACCOUNTANT)
    is_director = models.BooleanField("dirigeant(e)", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("last_name", "first_name", "id")
        constraints = (models.UniqueConstraint("firm", Lower("email"), name="accounts_collaborator_email"),)

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()
