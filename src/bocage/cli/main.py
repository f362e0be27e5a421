"""The command ``bocage``: which words it takes, and what its exit codes mean.

Each command is a module of this folder with two things: ``add_parser(subparsers)``, which declares its options and
sets ``run`` as a default, and that ``run(options) -> int``. Only the module of the command typed is imported, so that
checking a SIRET never waits for DuckDB.

Exit codes: 0 all is well, 1 the answer is no (a file not usable, a key wrong), 2 bad call or path.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from bocage.cli import output
from bocage.errors import BocageError, Cancelled, SourceUnreadable, WorkspaceFull
from bocage.wording import sentence

BAD_CALL = 2
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""
PIPE_CLOSED = 141
"""128 + SIGPIPE: whoever read us has gone."""


@dataclass(frozen=True, slots=True)
class Command:
    """A module to import when the command is typed, and its line in the general help."""

    module: str
    summary: str


COMMANDS: Mapping[str, Command] = {
    "identify": Command("bocage.cli.identify", "dit ce qu’est chaque fichier, et pourquoi"),
    "siret": Command("bocage.cli.siret", "vérifie la clé de numéros SIREN ou SIRET"),
    "fec": Command("bocage.cli.fec", "lit et contrôle un FEC"),
    "economics": Command("bocage.cli.economics", "calcule les indicateurs économiques d’un FEC"),
    "carbon": Command("bocage.cli.carbon", "estime les émissions de gaz à effet de serre d’un FEC"),
    "vsme": Command("bocage.cli.vsme", "préremplit la norme VSME"),
    "dsn": Command("bocage.cli.dsn", "lit et contrôle des DSN"),
}


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "usage\u00a0: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argparse parser that speaks French where argparse lets it."""

    def __init__(self, **options: object) -> None:
        settings: dict[str, object] = {
            "formatter_class": _Formatter,
            "allow_abbrev": False,
            **options,
            "add_help": False,
        }
        super().__init__(**settings)  # type: ignore[arg-type]
        self._positionals.title = "arguments"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call on stderr, and leave with code 2."""
        self.exit(BAD_CALL, f"{sentence('cli', 'bad_call', command=self.prog, detail=message).message}\n")


class _Version(argparse.Action):
    """Prints the version. Reading it takes a tenth of a short check: only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        sys.stdout.write(f"bocage {import_module('importlib.metadata').version('bocage')}\n")
        parser.exit(0)


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for ``arguments``: every command is known, only the one typed is described in full."""
    parser = Parser(
        prog="bocage",
        description="Contrôle FEC et DSN, calcule des indicateurs : tout se passe sur cette machine.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="affiche la version")
    subparsers = parser.add_subparsers(metavar="COMMANDE", required=True, title="commandes")
    typed = next((word for word in arguments if not word.startswith("-")), None)
    for name, command in COMMANDS.items():
        if name == typed:
            import_module(command.module).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=command.summary)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        output.prepare_streams()
        options = build_parser(arguments).parse_args(arguments)
        code = int(options.run(options))
        sys.stdout.flush()
    except (KeyboardInterrupt, Cancelled):
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED
    except BocageError as error:
        sys.stderr.write(f"{_failure(error)}\n")
        return BAD_CALL
    return code


def _failure(error: BocageError) -> str:
    if isinstance(error, output.PathError):
        return sentence("cli", error.code, path=error.path).message
    code = "unreadable" if isinstance(error, SourceUnreadable) else "failed"
    code = "workspace_full" if isinstance(error, WorkspaceFull) else code
    return sentence("cli", code, detail=str(error)).message


def _forget_stdout() -> None:
    """Give the rest of the output to nobody, else Python complains again when it flushes at exit."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
