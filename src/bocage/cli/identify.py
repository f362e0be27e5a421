"""``bocage identify FILE…``: what each file is, and why."""

import argparse

from bocage.cli import output
from bocage.formats.catalogue import Identification, identify


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command."""
    description = "Dit ce qu’est chaque fichier d’après son contenu, et pourquoi."
    parser = subparsers.add_parser("identify", description=description)
    parser.add_argument("files", nargs="+", metavar="FILE", help="fichier à reconnaître")
    output.add_common_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Identify every file; always 0, since unknown is an answer."""
    found = [identify(source) for source in output.sources(options.files)]
    if options.json:
        output.print_json({"files": [_document(one) for one in found]})
    else:
        output.print_text(*(line for one in found for line in _lines(one)))
    return 0


def _document(one: Identification) -> dict[str, output.Json]:
    return {"file": one.file, "kind": one.kind, "why": one.why, "advice": one.advice}


def _lines(one: Identification) -> list[str]:
    lines = [f"{output.paint(one.file, 'bold')}\u00a0: {output.paint(one.kind, 'cyan')}. {one.why}"]
    return [*lines, f"  → {one.advice}"] if one.advice else lines
