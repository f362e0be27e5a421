"""Which company a label of the books may name: candidates with a score, and what must be said of each. Never a choice.

A label is what an accountant typed: ``FRS TRANSP. MARTIN SARL 42``. It is cut to the words of a name, then compared
with what registries propose. Pure: the proposals come from elsewhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bocage.identifiers import Naf, Siren, Siret, check_number
from bocage.referentials.carbon import TraderRule, supplier_rule
from bocage.registry.company import Company, State
from bocage.registry.stock.words import likeness, name_words, town_words

_BOOKKEEPING: Final = (
    "fournisseur fournisseurs frs fourn fnr four client clients compte cpte facture factures fact fac achat achats "
    "divers diverse diverses autre autres collectif general generaux attente cb carte bancaire prelevement prlv "
    "virement vir cheque chq note notes frais immobilisations immobilisation immo non parvenues parvenue"
)
_NOISE: Final = frozenset(_BOOKKEEPING.split(" "))
"""What bookkeeping adds to a name. A label made of nothing else names nobody."""
_ABBREVIATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "transp": "transports",
        "trans": "transports",
        "transport": "transports",
        "bat": "batiment",
        "gar": "garage",
        "boul": "boulangerie",
        "rest": "restaurant",
        "elec": "electricite",
        "plomb": "plomberie",
        "menuis": "menuiserie",
        "constr": "construction",
        "distrib": "distribution",
        "distri": "distribution",
        "assur": "assurances",
        "assurance": "assurances",
        "frs": "freres",
        "coop": "cooperative",
        "sce": "service",
        "services": "service",
        "st": "saint",
        "ste": "sainte",
        "tx": "travaux",
        "tp": "travaux",
        "imp": "imprimerie",
        "int": "international",
        "intl": "international",
    }
)
_TRADES: Final = (
    "transports batiment garage boulangerie restaurant electricite plomberie menuiserie construction distribution "
    "assurances freres fils service travaux imprimerie international cooperative maison atelier centre bureau "
    "conseil location materiel materiaux auto automobiles negoce commerce industrie "
    "hotel pharmacie papeterie agence cabinet logistique quincaillerie logiciels"
)
_COMMON: Final = frozenset(_TRADES.split(" "))
"""Words of a trade: many bear them, they tell little."""
_COMMON_WEIGHT: Final = Decimal("0.4")
_ALIKE: Final = 0.6
_ELSEWHERE: Final = Decimal("0.85")
_CLOSED: Final = Decimal("0.97")
_ASKED_SHARE: Final = Decimal("0.7")
LEAST: Final = Decimal("0.5")
"""Under this score a company is not proposed."""
CLOSE_CALL: Final = Decimal("0.05")
"""Two candidates nearer than this are homonyms: only a person can tell them apart."""
_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[ .\u00a0]?){8}\d(?:(?:[ .\u00a0]?\d){5})?(?!\d)")


class Trap(StrEnum):
    """What a person must know before taking a candidate."""

    PRODUCT = "product"
    """A wholesaler or a retailer: the goods count, not its margin."""
    ENERGY = "energy"
    """An energy supplier: only a quantity gives a figure."""
    ASK = "ask"
    """It trades in anything: its activity does not say what was bought."""
    HOLDING = "holding"
    BANK = "bank"
    """A bank, an insurer, a card or a lease: the purchase may be behind it."""
    PUBLIC = "public"
    OWN = "own"
    """The client's own company."""
    HOMONYM = "homonym"
    CLOSED = "closed"
    PERSON = "person"
    """A sole trader: personal data."""
    FOREIGN = "foreign"
    NO_ACTIVITY = "no_activity"


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate: its score between 0 and 1, whether it has a place in the town asked, and its traps."""

    company: Company
    score: Decimal
    in_town: bool
    traps: tuple[Trap, ...]
    by_number: bool = False
    """Its number stands in the label itself."""


def search_words(label: str) -> tuple[str, ...]:
    """The words of a label that may be those of a name, nothing when it names nobody.

    >>> search_words("FRS TRANSP. MARTIN SARL")
    ('transports', 'martin')
    >>> search_words("FOURNISSEURS DIVERS")
    ()
    """
    words = [word for word in name_words(label) if not word.isdigit()]
    kept = [word for at, word in enumerate(words) if word not in _NOISE or (word == "frs" and at)]
    spelt = tuple(dict.fromkeys(_ABBREVIATIONS.get(word, word) for word in kept))
    return spelt if any(len(word) > 1 for word in spelt) else ()


def memory_key(label: str) -> str:
    """What two labels of the same supplier have in common: their words in alphabetical order.

    >>> memory_key("S.A.R.L. Martin Transports") == memory_key("TRANSP MARTIN")
    True
    """
    return " ".join(sorted(search_words(label)))


def number_in(label: str) -> Siren | None:
    """The SIREN of a valid SIREN or SIRET written in a label."""
    for found in _NUMBER.finditer(label):
        key = check_number(re.sub(r"\D", "", found[0]))
        if key.valid:
            number = Siret.parse(key.digits) if key.kind == "siret" else Siren.parse(key.digits)
            return None if number is None else Siren(number[:9])
    return None


def closeness(words: Sequence[str], name: str) -> Decimal:
    """How alike a label and a name are, 0 to 1: what was asked found in the name, then the name found in the label.

    Accents, legal forms and the order of words do not count; a typing error lowers the score; words of a trade weigh
    less than those that name.
    """
    others = search_words(name)
    if not words or not others:
        return Decimal(0)
    if "".join(words) == "".join(others):
        return Decimal(1) if tuple(words) == others else Decimal("0.95")
    asked = found = Decimal(0)
    met: dict[str, Decimal] = {}
    for word in words:
        likest = max(others, key=lambda other: (_alike(word, other), other))
        alike = _alike(word, likest)
        if alike:
            found += _weight(word) * alike
            met[likest] = alike
        asked += _weight(word)
    whole = sum((_weight(other) for other in others), Decimal(0))
    said = sum((_weight(other) * alike for other, alike in met.items()), Decimal(0))
    score = _ASKED_SHARE * found / asked + (1 - _ASKED_SHARE) * said / whole
    named = any(word not in _COMMON for word in met)
    return score if named or all(word in _COMMON for word in words) else score / 2


def _alike(word: str, other: str) -> Decimal:
    alike = likeness(word, other)
    if alike < _ALIKE and len(word) >= 4 and other.startswith(word):
        alike = 0.8
    return Decimal(str(round(alike, 4))) if alike >= _ALIKE else Decimal(0)


def _weight(word: str) -> Decimal:
    return _COMMON_WEIGHT if word in _COMMON else Decimal(1)


def matches(
    label: str, companies: Iterable[Company], *, town: str = "", own: Siren | None = None, limit: int = 5
) -> tuple[Match, ...]:
    """The companies that a label may name, best first, each with its traps. Nobody may take one without looking."""
    words, number = search_words(label), number_in(label)
    wanted = town_words(town)
    found = []
    for company in {one.siren: one for one in companies}.values():
        there = bool(wanted) and any(
            set(wanted) <= set(town_words(one.address.town or "")) for one in company.establishments
        )
        exact = company.siren == number
        score = Decimal(1) if exact else _score(words, company, elsewhere=bool(wanted) and not there)
        if score >= LEAST:
            found.append(Match(company, score.quantize(Decimal("0.001")), there, traps_of(company, own), exact))
    found.sort(key=lambda one: (-one.score, one.company.state is State.CLOSED, one.company.siren))
    return tuple(_with_homonyms(found)[:limit])


def _score(words: Sequence[str], company: Company, *, elsewhere: bool) -> Decimal:
    names = [company.name, company.acronym, *company.usual_names]
    names += [sign for place in company.establishments for sign in place.trade_names]
    score = max((closeness(words, name) for name in names if name), default=Decimal(0))
    score = score * _ELSEWHERE if elsewhere else score
    return score * _CLOSED if company.state is State.CLOSED else score


def _with_homonyms(found: Sequence[Match]) -> list[Match]:
    best = [one for one in found if found[0].score - one.score < CLOSE_CALL] if found else []
    if len(best) < 2 or found[0].by_number:
        return list(found)
    return [
        Match(one.company, one.score, one.in_town, (Trap.HOMONYM, *one.traps), one.by_number) if one in best else one
        for one in found
    ]


def traps_of(company: Company, own: Siren | None = None) -> tuple[Trap, ...]:
    """What must be said of a company before it is taken for a supplier."""
    naf = company.activities.naf_rev2
    tests = (
        (Trap.OWN, company.siren == own),
        (Trap.CLOSED, company.state is State.CLOSED),
        (Trap.PERSON, company.sole_trader),
        (Trap.FOREIGN, company.foreign),
        (Trap.NO_ACTIVITY, naf is None and not company.foreign),
    )
    said = [trap for trap, holds in tests if holds]
    return (*said, *activity_traps(naf)) if naf is not None else tuple(said)


def activity_traps(naf: Naf) -> tuple[Trap, ...]:
    """What an activity says by itself of the purchases that it hides."""
    if naf[:5] in ("64.20", "70.10"):
        return (Trap.HOLDING,)
    if naf.division in ("64", "65", "66"):
        return (Trap.BANK,)
    if naf.division == "84":
        return (Trap.PUBLIC,)
    rule = supplier_rule(naf)
    if rule is None:
        return ()
    match rule.rule:
        case TraderRule.PRODUCT:
            return (Trap.PRODUCT,)
        case TraderRule.ENERGY:
            return (Trap.ENERGY,)
        case TraderRule.ASK | TraderRule.IGNORE:
            return (Trap.ASK,)
        case _:
            return ()


def query_text(label: str) -> str:
    """What may be sent to a public service: the words of the name, no number, nothing else of the label."""
    return " ".join(search_words(label))
