"""Why a SIREN or a SIRET is refused, in French; the same words on the command line and on the screens."""

from bocage.identifiers import KeyCheck
from bocage.wording.catalogue import Sentence, sentence

_LENGTHS = {"siren": 9, "siret": 14}


def key_sentence(check: KeyCheck) -> Sentence:
    """The fault and its remedy; two empty strings for a valid number."""
    if check.reason is None:
        return Sentence("")
    kind = check.kind or "siret"
    gap = abs(_LENGTHS[kind] - len(check.digits))
    return sentence(
        "identifiers",
        check.reason,
        kind=kind.upper(),
        wanted=str(_LENGTHS[kind]),
        found=str(len(check.digits)),
        gap=str(gap),
        s="s" if gap > 1 else "",
        t="s" if len(check.digits) > 1 else "",
    )
