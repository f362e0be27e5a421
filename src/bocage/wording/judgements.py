"""The words of the three verdicts of a FEC, of severities and of layouts: the same on screens, paper and terminals."""

from collections.abc import Mapping

from bocage.wording.figures import plural

SEVERITIES = ("blocking", "error", "warning", "info")
SEVERITY_WORDS: Mapping[str, str] = {
    "blocking": "Bloquant",
    "error": "Erreur",
    "warning": "Alerte",
    "info": "Information",
}
VERDICTS = (
    ("exploitable", "Exploitable", "peut-on s’en servir\u00a0?"),
    ("conforme", "Conforme", "le testeur officiel l’accepterait-il\u00a0?"),
    ("controle", "Contrôle", "que relèverait un vérificateur\u00a0?"),
)
"""Code, name, and the question that it answers."""
SECTIONS: Mapping[str, tuple[str, str]] = {
    "exploitable": ("Lecture", "Ce qui empêche ou gêne la lecture"),
    "conforme": ("Conformité", "Ce que le testeur officiel refuserait"),
    "controle": ("Contrôle", "Ce qu’un vérificateur relèverait"),
    "": ("Constats", "Ce que la lecture a relevé"),
}
"""Where the findings of a verdict stand: a title, and what is in it."""
SEPARATORS: Mapping[str, str] = {
    "tab": "tabulation",
    "pipe": "barre verticale",
    "semicolon": "point-virgule",
    "comma": "virgule",
}
ENCODINGS: Mapping[str, str] = {
    "ascii": "ASCII",
    "utf-8": "UTF-8",
    "utf-8-bom": "UTF-8 avec marque d’ordre des octets",
    "utf-16": "UTF-16",
    "iso8859-15": "ISO 8859-15",
    "cp1252": "Windows-1252",
    "cp850": "page de code 850 (DOS)",
    "mac-roman": "Mac Roman",
    "unknown": "inconnu",
}
LINE_ENDS: Mapping[str, str] = {
    "crlf": "CR LF",
    "lf": "LF",
    "cr": "CR",
    "crcrlf": "CR CR LF",
    "lfcr": "LF CR",
}


def layout_word(words: Mapping[str, str], code: str | None) -> str:
    """The word of a layout; codes joined by + keep their order, an unknown one stands as it is."""
    return ", ".join(words.get(part, part) for part in (code or "").split("+") if part)


def audit_answer(counts: Mapping[str, int]) -> str:
    """« 1 erreur, 3 alertes, 1 information », of the counts of the third verdict; « Rien de particulier » of none."""
    words = (("errors", "erreur"), ("warnings", "alerte"), ("infos", "information"))
    said = [plural(int(counts.get(key) or 0), word) for key, word in words if counts.get(key)]
    return ", ".join(said) or "Rien de particulier"
