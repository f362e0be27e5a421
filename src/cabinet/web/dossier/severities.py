"""The words, colours and signs of the severities of findings, ours and those of the norm."""

from bocage.wording.judgements import SEVERITY_WORDS

__all__ = ["ICONS", "NORM_SEVERITIES", "SEVERITY_WORDS", "TONES"]

TONES = {"blocking": "err", "error": "err", "warning": "warn", "info": "quiet"}
ICONS = {"blocking": "x", "error": "x", "warning": "alert-triangle", "info": "info-circle"}
NORM_SEVERITIES = {
    "E": "Norme\u00a0: envoi refusé",
    "D": "Norme\u00a0: déclaration refusée",
    "S": "Norme\u00a0: signalement",
    "I": "Norme\u00a0: information",
}
"""What the norm makes of a finding of a DSN, by its letter."""
