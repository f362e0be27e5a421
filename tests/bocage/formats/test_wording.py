"""Sentences are cut out of their files one by one, as they are asked for: the same as when the file is read whole."""

import tomllib
from importlib.resources import files

from bocage.wording import Sentence, has_words
from bocage.wording.catalogue import _load


def test_a_sentence_read_alone_is_the_one_of_the_whole_file() -> None:
    paths = [path for path in files("bocage.wording").iterdir() if path.name.endswith(".toml")]
    assert len(paths) > 10
    for path in paths:
        domain = path.name.removesuffix(".toml")
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
        assert {code: _load(domain)[code] for code in whole} == {
            code: Sentence(table["message"], table.get("remedy", "")) for code, table in whole.items()
        }
        assert all(has_words(domain, code) for code in whole)
    assert not has_words("dsn", "S21.G00.30.001/CCH-99")
