"""One line of a sample changed, by an edit as in a table: ``40.010@15=01012020``.

``rubrique@p.k`` is the k-th line (first one if not said) with that rubrique under the p-th individual; without ``@``,
the first of all. ``=value`` replaces (``~`` stands for a blank), ``-`` removes the line, ``+code=value,code=value``
adds lines after it. The counters of S90 follow: the defect is the only one.
"""

import re

from bocage.formats.dsn.controls.base import full_code

_EDIT = re.compile(r"([\w.]+?)(?:@(\d+)(?:\.(\d+))?)?([=+-])(.*)")
_LINE = re.compile(r"(S\d\d\.G\d\d\.\d\d\.\d{3}),'(.*)'")
_INDIVIDUAL = "S21.G00.30."


def spoilt(text: str, edit: str) -> str:
    """The text changed."""
    parts = _EDIT.fullmatch(edit)
    assert parts is not None, edit
    short, person, rank, what, rest = parts.groups()
    lines = text.splitlines()
    index = _find(lines, full_code(short), int(person or 0), int(rank or 1))
    code = full_code(short)
    if what == "=":
        lines[index] = f"{code},'{rest.replace('~', ' ')}'"
    elif what == "-":
        del lines[index]
    else:
        pairs = (pair.split("=", 1) for pair in rest.split(","))
        lines[index + 1 : index + 1] = [f"{full_code(added)},'{value}'" for added, value in pairs]
    lines[-2] = f"S90.G00.90.001,'{len(lines)}'"
    return "\r\n".join(lines) + "\r\n"


def _find(lines: list[str], code: str, person: int, rank: int) -> int:
    at = seen = 0
    previous = ""
    for index, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        here = found[1] if found else ""
        at += here.startswith(_INDIVIDUAL) and not previous.startswith(_INDIVIDUAL)
        previous = here
        if here == code and person in (0, at):
            seen += 1
            if seen == rank:
                return index
    raise AssertionError(f"{code} of the individual {person}")
