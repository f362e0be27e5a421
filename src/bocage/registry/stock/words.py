"""The words of a name and of a town, as they are indexed and as they are looked for.

Folding is written twice, in Python and in SQL, and a test holds the two together: what is loaded and what is typed must
meet.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_LEGAL: Final = (
    "sa sarl sas sasu eurl sci scp scop scm snc gie selarl selas selarlu selasu earl gaec scea sccv sca scs spa ei "
    "eirl ltd gmbh inc llc bv nv plc ag srl spl ets etablissement etablissements ste societe cie compagnie entreprise "
    "monsieur madame mr mme m holding groupe france"
)
LEGAL_WORDS: Final = frozenset(_LEGAL.split(" "))
"""Legal forms and the like: they tell nobody from anybody. A name made of nothing else keeps them."""
_EMPTY: Final = "de du des la le les l d et en a au aux the and of sur sous par pour chez"
EMPTY_WORDS: Final = frozenset(_EMPTY.split(" "))
_POSTAL_WORDS: Final = frozenset({"cedex", "bp", "cs", "arrondissement"})
_SAINTS: Final = {"st": "saint", "ste": "sainte"}
_LIGATURES: Final = {"œ": "oe", "æ": "ae", "ß": "ss"}
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b\.?|\b[a-z](?: [a-z]){2,}\b")


def fold(text: str) -> str:
    """Lower case, no accents, letters and digits only, single spaces.

    >>> fold("  L'Œuf d’Été & Cie (S.A.) ")
    'l oeuf d ete cie s a'
    """
    lowered = text.lower()
    for ligature, letters in _LIGATURES.items():
        lowered = lowered.replace(ligature, letters)
    plain = "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def folded_sql(expression: str) -> str:
    """The same as :func:`fold`, in DuckDB's SQL."""
    text = f"lower({expression})"
    for ligature, letters in _LIGATURES.items():
        text = f"replace({text}, '{ligature}', '{letters}')"
    return f"trim(regexp_replace(strip_accents({text}), '[^a-z0-9]+', ' ', 'g'))"


def name_words(text: str) -> tuple[str, ...]:
    """The words that make a name, without legal forms; an acronym with dots or spaces is one word.

    >>> name_words("S.A.R.L. Boulangerie de l'Été")
    ('boulangerie', 'ete')
    >>> name_words("S N C F")
    ('sncf',)
    >>> name_words("SAS")
    ('sas',)
    """
    dotted = unicodedata.normalize("NFKD", text.lower())
    joined = _DOTTED.sub(lambda found: re.sub(r"[. ]", "", found[0]), dotted)
    words = fold(joined).split()
    kept = [word for word in words if word not in EMPTY_WORDS]
    telling = [word for word in kept if word not in LEGAL_WORDS]
    return tuple(dict.fromkeys(telling or kept or words))


def town_words(text: str) -> tuple[str, ...]:
    """The words of a town, without CEDEX nor arrondissement.

    >>> town_words("ST-DENIS CEDEX 02")
    ('saint', 'denis')
    """
    words = (_SAINTS.get(word, word) for word in fold(text).split())
    return tuple(word for word in words if word not in _POSTAL_WORDS and not word[:1].isdigit() and len(word) > 1)


def likeness(word: str, other: str) -> float:
    """1 for the same word, less for each letter that differs, 0 beyond two (one under five letters).

    A letter too many, missing, replaced, or two neighbours swapped count for one.

    >>> likeness("menuiserie", "menuisreie")
    0.9
    >>> likeness("pont", "port")
    0.75
    """
    if word == other:
        return 1.0
    longest, allowed = max(len(word), len(other)), 1 if min(len(word), len(other)) < 5 else 2
    if abs(len(word) - len(other)) > allowed or min(len(word), len(other)) < 3:
        return 0.0
    distance = _distance(word, other)
    return 1 - distance / longest if distance <= allowed else 0.0


def _distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Optimal string alignment."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
