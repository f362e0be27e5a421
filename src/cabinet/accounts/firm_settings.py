"""*Paramètres* of the firm: the writes."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import begin
from cabinet.accounts.colours import HEX, MARK_CONTRAST, TEXT_CONTRAST, contrast
from cabinet.accounts.logos import Logo
from cabinet.accounts.models import Collaborator, Firm, FirmLogo
from cabinet.accounts.selectors import managers
from cabinet.audit.services import Subject, record

KEPT_YEARS = (3, 6, 10)
"""What the firm may choose besides « until removed »: 6 years is the tax rule (LPF, art. L102 B), 10 the accounting one
(Code de commerce, art. L123-22); 3 suits who keeps the original elsewhere."""


class UnreadableColour(Exception):
    """A colour is no ``#rrggbb``, or is too pale on white; ``field`` says which, ``ratio`` how pale (0: no colour)."""

    def __init__(self, field: str, ratio: float) -> None:
        super().__init__(field)
        self.field, self.ratio = field, ratio


class UnknownManager(Exception):
    """The default manager is not an active collaborator with a login."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a firm decides for itself."""

    name: str
    second_factor_required: bool = False
    default_manager: Collaborator | None = None
    originals_kept_years: int | None = None
    main_colour: str = "#1b4b66"
    accent_colour: str = "#24593a"


def _check_colour(field: str, colour: str, least: float) -> None:
    if not HEX.fullmatch(colour):
        raise UnreadableColour(field, 0)
    if (ratio := contrast(colour)) < least:
        raise UnreadableColour(field, ratio)


@transaction.atomic
def change_settings(*, actor: Actor, settings: Settings) -> Firm:
    """Raises UnreadableColour, UnknownManager, PermissionDenied."""
    begin(actor, "firm.settings")
    firm = Firm.objects.select_related("default_manager").get(id=actor.firm.id)
    _check_colour("main_colour", settings.main_colour, TEXT_CONTRAST)
    _check_colour("accent_colour", settings.accent_colour, MARK_CONTRAST)
    chosen = settings.default_manager
    if chosen is not None and not managers(firm).filter(id=chosen.id).exists():
        raise UnknownManager
    if settings.originals_kept_years not in {None, *KEPT_YEARS}:
        raise ValueError(settings.originals_kept_years)
    changes = _changes(firm, settings)
    if changes:
        firm.name, firm.second_factor_required = settings.name, settings.second_factor_required
        firm.default_manager, firm.originals_kept_years = chosen, settings.originals_kept_years
        firm.main_colour, firm.accent_colour = settings.main_colour, settings.accent_colour
        firm.save()
        record("firm.changed", author=actor.author, subject=_subject(firm), changes=changes)
    return firm


def _subject(firm: Firm) -> Subject:
    return Subject(label=firm.name, id=firm.id)


def _changes(firm: Firm, settings: Settings) -> dict[str, tuple[Any, Any]]:
    def name(person: Collaborator | None) -> str | None:
        return person.full_name if person else None

    pairs = {
        "nom": (firm.name, settings.name),
        "second facteur obligatoire": (firm.second_factor_required, settings.second_factor_required),
        "responsable proposé": (name(firm.default_manager), name(settings.default_manager)),
        "conservation des FEC reçus, en années": (firm.originals_kept_years, settings.originals_kept_years),
        "couleur principale": (firm.main_colour, settings.main_colour),
        "couleur d’accent": (firm.accent_colour, settings.accent_colour),
    }
    return {word: pair for word, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def set_logo(*, actor: Actor, logo: Logo) -> None:
    """Put the logo in place of the one before. Raises PermissionDenied."""
    begin(actor, "firm.settings")
    before = FirmLogo.objects.filter(firm=actor.firm).first()
    if before is not None and before.sha256 == logo.sha256:
        return
    columns = {"content": logo.content, "sha256": logo.sha256, "width": logo.width, "height": logo.height}
    FirmLogo.objects.update_or_create(firm=actor.firm, defaults=columns)
    changes = {"logo": ("remplacé" if before else None, f"{logo.width} × {logo.height} pixels")}
    record("firm.changed", author=actor.author, subject=_subject(actor.firm), changes=changes)


@transaction.atomic
def remove_logo(*, actor: Actor) -> None:
    """Documents then bear the firm's name alone. Raises PermissionDenied."""
    begin(actor, "firm.settings")
    removed, _ = FirmLogo.objects.filter(firm=actor.firm).delete()
    if removed:
        record("firm.changed", author=actor.author, subject=_subject(actor.firm), changes={"logo": ("oui", None)})
