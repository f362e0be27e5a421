"""Validation against the four official schemas, as a stream: memory does not grow with the file."""

import re
from functools import cache
from importlib.resources import files

from lxml import etree

from bocage.formats.base import Source

_DECLARED = re.compile(rb'xsi:noNamespaceSchemaLocation="(?:file:)?formatA47A')
_NAME = re.compile(
    rb'noNamespaceSchemaLocation\s*=\s*"(?:file:)?(formatA47A-I-(?:VII-1|VIII-3|VIII-5|VIII-7))(?:\.xsd)?"'
)
DECLARED_WITHIN = 300


def declared_early(head: bytes) -> bool:
    """X01: the schema is declared as the tester wants it, within the first 300 bytes."""
    return _DECLARED.search(head[:DECLARED_WITHIN]) is not None


def schema_name(head: bytes) -> str | None:
    """The official schema that the document declares, as ``formatA47A-I-VII-1``."""
    found = _NAME.search(head)
    return found[1].decode("ascii") if found else None


@cache
def _schema(name: str) -> etree.XMLSchema:
    text = (files(__package__) / "xsd" / f"{name}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def first_fault(source: Source, name: str) -> str | None:
    """X02: why the document is not valid (element and line, no value of the file), or None when it is."""
    with source.open() as stream:
        try:
            walk = etree.iterparse(
                stream, events=("end",), schema=_schema(name), resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in walk:
                element.clear()
                parent = element.getparent()
                while parent is not None and len(parent) > 1:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            return _reason(error)
    return None


def _reason(error: etree.XMLSyntaxError) -> str:
    """The kind of fault and its element; libxml2's own sentence may quote a value of the file."""
    message = error.msg or ""
    element = re.search(r"Element '(?:\{[^}]*\})?([\w.-]{1,60})'", message)
    expected = re.search(r"Expected is (?:one of )?\( ([\w., -]{1,200}) \)", message)
    words = f"élément {element[1]}" if element else "structure"
    if expected:
        words += f", attendu\u00a0: {expected[1].strip()}"
    elif "not a valid value" in message:
        words += ", valeur non admise"
    line = error.lineno if isinstance(error.lineno, int) and error.lineno else None
    return f"{words}, ligne {line}" if line else words
