"""A problem of a step in French: its sentence, how the foot of the page names it, and where it is on the page."""

from dataclasses import dataclass

from bocage.identifiers import check_number
from bocage.wording import Sentence, key_sentence, sentence
from cabinet.onboarding.checks import Problem
from cabinet.onboarding.steps import Step

_NAMES = {
    "typed": "le numéro de SIRET",
    "create_closed": "la case de l’établissement fermé",
    "name": "le nom de l’entreprise",
    "ape": "le code APE",
    "idcc": "la convention collective",
    "street": "l’adresse postale",
    "postcode": "le code postal",
    "town": "la commune",
    "country": "le pays",
    "file_code": "le code dossier",
    "contact_name": "la personne de contact",
    "contact_email": "l’e-mail du contact",
    "manager_id": "le responsable de dossier",
    "portfolio_ids": "les portefeuilles",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What a screen says of a problem. ``anchor`` is the id of its place on the page of its step."""

    field: str
    words: Sentence
    name: str
    anchor: str

    @property
    def sentence(self) -> str:
        """Fact and remedy in one line."""
        return f"{self.words.message} {self.words.remedy}".strip()


def describe(problem: Problem, *, typed: str = "") -> Described:
    """The words of a problem; ``typed`` is the number, for what its key says."""
    return Described(problem.field, _words(problem, typed), _name(problem), _anchor(problem))


def _words(problem: Problem, typed: str) -> Sentence:
    if problem.code == "key":
        return key_sentence(check_number(typed, expected="siret"))
    if problem.code == "too_long" and problem.step is Step.COMPANY:
        return sentence("onboarding", "too_long", **problem.params)
    scope = "year" if problem.step is Step.DATA and problem.field != "files" else problem.field
    return sentence("onboarding", f"{scope}.{problem.code}", **problem.params)


def _name(problem: Problem) -> str:
    if problem.step is not Step.DATA:
        return _NAMES[problem.field]
    if problem.field == "files":
        return f"l’entreprise de {problem.params['file']}"
    return "les dates de l’exercice"


def _anchor(problem: Problem) -> str:
    if problem.step is not Step.DATA:
        return "portefeuilles" if problem.field == "portfolio_ids" else f"id_{problem.field}"
    if problem.field == "files":
        return f"fichier-{problem.import_id}"
    return year_anchor(problem.field)


def year_anchor(key: str) -> str:
    """The id of the block of one fiscal year: that of a FEC, or the one without any."""
    return f"exercice-{key or 'seul'}"
