"""What step 1 shows of a number: the verdict, the answer of the registry, the checks that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from bocage.identifiers import KeyCheck, check_number
from bocage.referentials.naf import naf_label
from bocage.referentials.sirene import legal_form_label, size_band_label
from bocage.registry import UnavailableReason
from bocage.wording import Sentence, key_sentence, sentence
from cabinet.accounts.actors import Actor
from cabinet.clients.details import CORRECTABLE
from cabinet.clients.services import AlreadyFollowed, check_siret_free
from cabinet.onboarding.checks import Problem
from cabinet.onboarding.selectors import administrators, followed_client
from cabinet.onboarding.steps import BY_HAND, CompanyStep, Found
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import say_case
from cabinet.web.components.formats import UNKNOWN, ago, day, long_day, number
from cabinet.web.components.formats import siret as grouped
from cabinet.web.wizard.forms import CompanyForm
from cabinet.web.wizard.gate import Visit
from cabinet.web.wizard.words import describe

_WRONG_KEYS = {"siren_key", "siret_key", "zeros"}
_BEFORE_ASKING_A_SIREN = 800
"""Milliseconds: the ninth digit of a SIRET being typed is not a SIREN."""


@dataclass(frozen=True, slots=True)
class Verification:
    """One line of the list beside the form. ``state``: ok, bad, or todo while nothing is known."""

    text: str
    state: str

    @property
    def icon(self) -> str:
        """Its sign."""
        return {"ok": "check", "bad": "x", "todo": "circle-dashed"}[self.state]

    @property
    def said(self) -> str:
        """The sign, for who does not see it."""
        return {"ok": "Oui :", "bad": "Non :", "todo": "Pas encore vérifié :"}[self.state]


@dataclass(frozen=True, slots=True)
class Fact:
    """What the registry says and that nobody corrects here."""

    label: str
    value: str
    label_of_value: str = ""
    language: str = "fr"
    """Of ``label_of_value``: the classes of NAF 2025 are published with the registry in English only."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The SIRET is already a client: a link for who sees it, else whom to ask."""

    name: str
    url: str
    ask: str


@dataclass(frozen=True, slots=True)
class Site:
    """An establishment to choose."""

    siret: str
    name: str
    address: str
    is_head_office: bool

    @property
    def choice(self) -> str:
        """The name of its button."""
        return f"Choisir l’établissement {grouped(self.siret)}"


@dataclass(frozen=True, slots=True)
class Card:
    """The part of the page that follows the number.

    ``state``: empty, wrong, unasked, asking, followed, sites, found, by_hand. ``tone`` of the verdict: hint or err.
    ``delay`` is how long to wait before asking, in milliseconds.
    """

    state: str
    number: str
    tone: str
    verdict: Sentence
    verifications: tuple[Verification, ...]
    form: CompanyForm
    corrected: dict[str, str | None]
    title: str
    sub: str
    label: str
    label_tone: str
    label_icon: str
    facts: tuple[Fact, ...]
    source: str
    masked: bool
    closed: Sentence | None
    successor: str
    continues: str
    """What is said of ``successor``."""
    sites: tuple[Site, ...]
    followed: Followed | None
    delay: int
    unfolded: bool
    has_country: bool

    @property
    def is_fault(self) -> bool:
        """Whether the number is to be drawn as wrong."""
        return self.tone == "err"

    @property
    def invalid(self) -> str:
        """The same, as ARIA writes it."""
        return "true" if self.is_fault else "false"

    @property
    def hidden(self) -> Sentence:
        """What is said of a company that the registry hides."""
        return sentence("registry", LookupCase.FOUND_MASKED)

    @property
    def announced(self) -> str:
        """What a screen reader says once the number was looked at."""
        if self.state in {"found", "by_hand"}:
            return f"{self.title}. {self.label}. {self.sub}."
        if self.state == "followed":
            return "Cet établissement est déjà suivi par le cabinet."
        return self.verdict.message


def draw_card(visit: Visit, company: CompanyStep, blocks: Sequence[Problem] = (), *, asking: bool = False) -> Card:
    """The card of a number. ``blocks``: the problems to show; ``asking``: the registry is about to be asked."""
    key, answer = check_number(company.typed), company.answer
    followed = _followed(visit.actor, key)
    state = _state(key, answer, followed, asking)
    label, label_tone, label_icon = _label(answer)
    return Card(
        state=state,
        number=key.digits,
        tone=_tone(key, state, blocks),
        verdict=_verdict(key, answer, state, blocks),
        verifications=_verifications(key, answer, followed),
        form=_form(company, blocks),
        corrected={name: company.corrected.get(name) for name in CORRECTABLE},
        title=company.name or (answer.name if answer else "") or "Nom à saisir",
        sub=_sub(answer),
        label=label,
        label_tone=label_tone,
        label_icon=label_icon,
        facts=_facts(answer) if answer else (),
        source=_source(answer) if answer else "",
        masked=bool(answer and answer.masked),
        closed=_closed(answer),
        successor=answer.successor if answer else "",
        continues="Le siège de l’entreprise est aujourd’hui le"
        if answer and answer.moved_office
        else "L’activité continue sous le numéro",
        sites=_sites(answer) if answer and state == "sites" else (),
        followed=followed,
        delay=_BEFORE_ASKING_A_SIREN if key.kind == "siren" else 0,
        unfolded=bool(blocks or company.corrected or (answer and (answer.masked or not answer.has_company))),
        has_country=bool(company.country or (answer and (answer.country or not answer.has_company))),
    )


def _form(company: CompanyStep, blocks: Sequence[Problem]) -> CompanyForm:
    # What is wrong with the number itself is said under it, where it changes as one types.
    errors = [describe(one) for one in blocks if one.field != "typed"]
    form = CompanyForm.showing(company, errors)
    for name in company.answer.masked if company.answer else ():
        if name in form.fields:
            form.fields[name].help_text = "Masqué dans le registre : à saisir par vous."
    return form


def _closed(answer: Found | None) -> Sentence | None:
    if answer is None or not answer.is_closed:
        return None
    closed = _iso(answer.closed_on)
    return sentence("registry", LookupCase.FOUND_CLOSED, date=day(closed) if closed else "une date inconnue")


def _state(key: KeyCheck, answer: Found | None, followed: Followed | None, asking: bool) -> str:
    if not key.digits:
        return "empty"
    if not key.valid:
        return "wrong"
    if followed is not None:
        return "followed"
    if answer is None:
        return "asking" if asking else "unasked"
    if answer.case in {LookupCase.SIREN, LookupCase.DUPLICATE}:
        return "sites"
    return "by_hand" if answer.case in BY_HAND else "found"


def _tone(key: KeyCheck, state: str, blocks: Sequence[Problem]) -> str:
    if state == "followed":
        return "err"
    if any(one.field == "typed" for one in blocks):
        return "err"
    # A number being typed is not wrong yet.
    return "err" if state == "wrong" and key.reason != "missing_digits" else "hint"


def _verdict(key: KeyCheck, answer: Found | None, state: str, blocks: Sequence[Problem]) -> Sentence:
    if state == "wrong":
        return key_sentence(_as_siret(key))
    if state in {"empty", "unasked"} and blocks:
        return next((describe(one, typed="").words for one in blocks if one.field == "typed"), Sentence(""))
    if answer is not None and state in {"sites", "by_hand"}:
        return say_case(
            answer.case,
            no_source=answer.reason == UnavailableReason.NO_SOURCE,
            count=answer.open_establishments,
            kept=answer.kept_siren,
        )
    return Sentence("")


def _as_siret(key: KeyCheck) -> KeyCheck:
    """Short of nine digits or beyond, what is typed is on its way to fourteen."""
    return check_number(key.digits, expected="siret") if key.reason == "missing_digits" else key


def _verifications(key: KeyCheck, answer: Found | None, followed: Followed | None) -> tuple[Verification, ...]:
    whole = len(key.digits) == 14 and key.digits.isdigit()
    right = "ok" if whole and key.valid else "bad" if key.reason in _WRONG_KEYS else "todo"
    known, free = "todo", "todo"
    if whole and key.valid:
        free = "bad" if followed else "ok"
        if answer is not None:
            known = "ok" if answer.has_company else "bad"
    return (
        Verification("14 chiffres", "ok" if whole else "todo"),
        Verification("Clé du SIREN et du SIRET correcte", right),
        Verification("Trouvé dans le registre", known),
        Verification("Pas encore suivi par le cabinet", free),
    )


def _followed(actor: Actor, key: KeyCheck) -> Followed | None:
    if not key.valid or key.kind != "siret":
        return None
    try:
        check_siret_free(actor.firm.id, key.digits)
    except AlreadyFollowed:
        client = followed_client(actor, key.digits)
        if client is not None:
            return Followed(client.name, reverse("dossier_overview", args=[client.id]), "")
        names = [person.full_name for person in administrators(actor.firm)[:2]]
        return Followed("", "", " ou ".join(names) or "un administrateur du cabinet")
    return None


def _sub(answer: Found | None) -> str:
    if answer is None:
        return ""
    if answer.case == LookupCase.UNKNOWN:
        return "Inconnu du registre : à remplir par vous"
    if answer.reason == UnavailableReason.NO_SOURCE:
        return "Aucun registre : à remplir par vous"
    if answer.case == LookupCase.UNREACHABLE:
        return "Registre injoignable : à remplir par vous, complété plus tard"
    seconds = number(Decimal(str(max(answer.seconds, 0.1))), 1)
    return f"Rempli automatiquement depuis le registre en {seconds} s"


def _label(answer: Found | None) -> tuple[str, str, str]:
    """Word, tone and sign of the state of the establishment."""
    if answer is None or not answer.has_company:
        return ("À compléter", "missing", "missing")
    if answer.is_closed:
        return ("Établissement fermé", "warn", "alert-triangle")
    return ("Établissement ouvert", "ok", "check") if answer.is_open else ("État inconnu", "quiet", "")


def _facts(answer: Found) -> tuple[Fact, ...]:
    if not answer.has_company:
        return ()
    size = size_band_label(answer.size_band) if answer.size_band else None
    office = {True: "Siège social", False: "Établissement secondaire", None: UNKNOWN}[answer.is_head_office]
    return (
        Fact("Forme juridique", (legal_form_label(answer.legal_form) if answer.legal_form else None) or UNKNOWN),
        Fact("Établissement", office),
        Fact("Création", long_day(_iso(answer.opened_on))),
        Fact("Effectif de l’entreprise", _size(size, answer.size_year)),
        Fact("État administratif", _administrative_state(answer)),
        Fact("Diffusion", "Partielle" if answer.partial else "Complète"),
        *_facts_of_some(answer),
    )


def _facts_of_some(answer: Found) -> tuple[Fact, ...]:
    """What only some companies have: another head office, two codes of activity, a town behind a CEDEX, a territory."""
    facts = []
    if answer.head_office and answer.is_head_office is False:
        facts.append(Fact("Siège de l’entreprise", grouped(answer.head_office)))
    if answer.ape_2025:
        if answer.ape:
            facts.append(Fact("Code APE en NAF rév. 2", answer.ape, naf_label(answer.ape) or ""))
        facts.append(Fact("Code APE en NAF 2025", answer.ape_2025, answer.ape_2025_label, "en"))
    if answer.commune and answer.commune != answer.town:
        facts.append(Fact("Commune", answer.commune))
    if answer.territory:
        facts.append(Fact("Territoire", answer.territory))
    return tuple(facts)


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _size(label: str | None, year: int | None) -> str:
    if label is None:
        return UNKNOWN
    return f"{label} ({year})" if year else label


def _administrative_state(answer: Found) -> str:
    if answer.is_closed:
        return f"Fermé le {day(_iso(answer.closed_on))}" if answer.closed_on else "Fermé"
    return "Actif" if answer.is_open else UNKNOWN


def _source(answer: Found) -> str:
    """Who said it, how fresh it is, when it was read."""
    updated, moment = _iso(answer.updated_on), answer.moment
    said = (
        answer.source_label,
        f"mise à jour du {day(updated)}" if updated else "",
        f"lue {ago(moment)}" if moment else "",
    )
    return ", ".join(part for part in said if part)


def _sites(answer: Found) -> tuple[Site, ...]:
    if answer.sites_complete:
        return tuple(Site(*site) for site in answer.sites)
    office = [Site(*site) for site in answer.sites if site[3]]
    return tuple(office or [Site(*site) for site in answer.sites[:1]])
