"""Special charts of accounts, recognised by the labels that firms give to their accounts."""

import re
from collections.abc import Iterable

from bocage.formats.fec.opening import fold_words

_THEMES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("43", "64"), r"\bmsa\b|\bmutualite sociale agricole\b"),
    (("61",), r"\bfermage\w*"),
    (("21", "3", "70"), r"\bvegetal\b|\bvegetale\w*|\bvegetaux\b"),
    (("60",), r"\bengrais\b|\bamendement\w*|\bamend\b|\bsemence\w*|\bphytosanitaire\w*|\bpdts def\w*"),
    (("24", "3", "70"), r"\banimaux\b|\banimal\w*|\bbetail\b|\bcheptel\w*"),
    (("3",), r"\bcycle court\b|\bcycle long\b|\bavance\w* aux cultures\b"),
)
_FEWEST_THEMES = 3
_OTHERS = (
    ("association", r"\bfonds associatif\w*|\bfonds dedie\w*"),
    ("coownership", r"\bcoproprietaire\w*"),
    ("insurance", r"\bprovisions techniques\b|\bprimes acquises\b"),
    ("ohada", r"\bohada\b|\bsyscohada\b"),
)


def recognise_chart(accounts: Iterable[tuple[str, str]]) -> str | None:
    """``agricultural`` when three themes of six are met, else the first of the other charts of which a word is met,
    else None.

    ``accounts``: (CompteNum, CompteLib).
    """
    themes: set[int] = set()
    words: set[str] = set()
    for number, label in accounts:
        text = " ".join(fold_words(label))
        for index, (roots, pattern) in enumerate(_THEMES):
            if number.startswith(roots) and re.search(pattern, text):
                themes.add(index)
        words.update(name for name, pattern in _OTHERS if re.search(pattern, text))
    if len(themes) >= _FEWEST_THEMES:
        return "agricultural"
    return next((name for name, _ in _OTHERS if name in words), None)
