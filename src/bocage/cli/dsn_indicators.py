"""``bocage dsn indicators FILE… --year Y``: its options.

The answer is in :mod:`bocage.cli.dsn_workforce`, imported when it is asked for: ``bocage dsn check`` never waits for
DuckDB.
"""

from datetime import date
from importlib import import_module

from bocage.cli import output


def add_indicators(subparsers: output.Subparsers) -> None:
    """Declare the command under ``bocage dsn``."""
    description = (
        "Calcule les indicateurs sociaux d’une année civile, ou de mois entiers, à partir de DSN d’un seul SIREN."
    )
    parser = subparsers.add_parser("indicators", help="calcule les indicateurs sociaux", description=description)
    parser.add_argument("files", nargs="+", metavar="FILE", help="DSN, ou archive zip ou gz de DSN")
    parser.add_argument("--year", type=_year, metavar="Y", help="année civile")
    parser.add_argument("--start", type=_day, metavar="D", help="premier jour d’un mois, avec --end")
    parser.add_argument("--end", type=_day, metavar="D", help="dernier jour d’un mois, avec --start")
    output.add_common_options(parser)
    parser.set_defaults(run=lambda options: import_module("bocage.cli.dsn_workforce").run(options, parser))


def _year(text: str) -> int:
    year = int(text)
    if not 2000 <= year <= 2100:
        raise ValueError(text)
    return year


def _day(text: str) -> date:
    return date.fromisoformat(text)
