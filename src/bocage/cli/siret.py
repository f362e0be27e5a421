"""``bocage siret NUMBER…``: is the key right."""

import argparse

from bocage.cli import output
from bocage.identifiers import KeyCheck, check_number, format_siret
from bocage.wording import key_sentence


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command."""
    description = "Vérifie la clé de numéros SIREN (9 chiffres) ou SIRET (14 chiffres), La Poste comprise."
    parser = subparsers.add_parser("siret", description=description)
    parser.add_argument("numbers", nargs="+", metavar="NUMBER", help="numéro ; espaces et points acceptés")
    output.add_common_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check every number: 0 when all are valid, else 1."""
    checks = [(text, check_number(text)) for text in options.numbers]
    if options.json:
        output.print_json({"numbers": [_document(text, check) for text, check in checks]})
    else:
        output.print_text(*(_line(text, check) for text, check in checks))
    return 0 if all(check.valid for _, check in checks) else 1


def _document(text: str, check: KeyCheck) -> dict[str, output.Json]:
    return {"number": text, "kind": check.kind, "valid": check.valid, "reason": check.reason}


def _line(text: str, check: KeyCheck) -> str:
    if check.reason is None:
        return f"{output.paint('valide', 'green')}  {(check.kind or '').upper()} {format_siret(check.digits)}"
    return f"{output.paint('invalide', 'red')}  {text} : {key_sentence(check).message}"
