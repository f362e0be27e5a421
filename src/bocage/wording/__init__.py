"""French sentences for codes: one TOML file a domain, no HTML."""

from bocage.wording.catalogue import Sentence, finding_sentence, has_words, sentence
from bocage.wording.keys import key_sentence

__all__ = ["Sentence", "finding_sentence", "has_words", "key_sentence", "sentence"]
