"""What ``bocage vsme`` is given, read into one evidence."""

import argparse
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bocage.cli import output
from bocage.errors import BocageError
from bocage.formats.base import Source
from bocage.formats.catalogue import identify
from bocage.identifiers import Naf, Period, Siren, Siret
from bocage.identifiers.period import last_day_of_month
from bocage.indicators import carbon, economic, workforce
from bocage.indicators.result import Result
from bocage.ingest import dsn, fec
from bocage.registry import Company
from bocage.registry.insee import parse_siret, parse_sites
from bocage.registry.recherche import parse_search
from bocage.registry.record import from_record
from bocage.vsme import CarbonTotals, Evidence, carbon_totals, label_lists, sales_markets
from bocage.wording import sentence

_KEY_BYTES = 32


class RegistryError(BocageError):
    """A registry file that holds no company."""

    def __init__(self, path: str) -> None:
        super().__init__(sentence("vsme", "registry_unreadable", path=path).message)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The call. ``registry`` is a path; the rest is read already."""

    sources: Sequence[Source]
    registry: str | None
    naf: Naf | None
    suppliers: Sequence[carbon.Supplier]
    quantities: Sequence[carbon.Quantity]
    year: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence; its period when a file gives one; names of the files that could not be used."""

    evidence: Evidence
    period: Period | None
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Books:
    results: Mapping[str, Result]
    totals: CarbonTotals
    products: tuple[str, ...]
    materials: tuple[str, ...]
    markets: tuple[tuple[str, Decimal], ...]
    period: Period | None


def naf_option(text: str) -> Naf:
    """The type of ``--naf``."""
    code = Naf.parse(text)
    if code is None:
        raise argparse.ArgumentTypeError(sentence("carbon", "naf_shape", value=text).message)
    return code


def gather(inputs: Inputs, work: Path) -> Found:
    """Read the files into ``work`` and say what they tell. Raises RegistryError, SeveralCompanies."""
    company = read_company(inputs.registry) if inputs.registry else None
    naf = inputs.naf or (company.activities.naf_rev2 if company else None)
    books_of = [one for one in inputs.sources if identify(one).kind == "fec"]
    payrolls = [one for one in inputs.sources if one not in books_of]
    if len(books_of) > 1:
        raise BocageError(sentence("vsme", "several_fec").message)
    books = _books(books_of, inputs, naf, work) if books_of else None
    period = books.period if books else None
    social, unreadable = _payroll(payrolls, _months(period, inputs.year), company, work)
    lost = tuple(one.name for one in books_of) if books_of and books is None else ()
    return Found(
        Evidence(
            results={**(books.results if books else {}), **social},
            company=company,
            naf=naf,
            carbon=books.totals if books else None,
            quantities=inputs.quantities,
            products=books.products if books else (),
            materials=books.materials if books else (),
            markets=books.markets if books else (),
        ),
        period,
        (*lost, *unreadable),
    )


def _months(period: Period | None, year: int | None) -> Period | None:
    if year is not None:
        return Period.year(year)
    return Period(period.start.replace(day=1), last_day_of_month(period.end)) if period else None


def _books(sources: Sequence[Source], inputs: Inputs, naf: Naf | None, work: Path) -> _Books | None:
    with output.progress_bar("FEC") as progress:
        found = fec.write_facts(sources, work / "fec", work_dir=work, progress=progress)
    usable = next((one for one in found if one.tables), None)
    if usable is None:
        return None
    inventory = carbon.estimate(
        usable.tables,
        work / "carbon.parquet",
        options=carbon.Options(naf=naf),
        suppliers=inputs.suppliers,
        quantities=inputs.quantities,
    )
    products, materials = label_lists(usable.tables)
    results = {one.code: one for one in economic.compute(usable.tables)}
    markets = sales_markets(usable.tables)
    return _Books(results, carbon_totals(inventory), products, materials, markets, inventory.period)


def _payroll(
    sources: Sequence[Source], months: Period | None, company: Company | None, work: Path
) -> tuple[dict[str, Result], tuple[str, ...]]:
    if not sources:
        return {}, ()
    key = secrets.token_bytes(_KEY_BYTES)
    with output.progress_bar("DSN") as progress:
        imported = dsn.write_facts(sources, work / "dsn", pseudonym_key=key, progress=progress)
    declared = sorted({one.month for one in imported.declarations if one.month})
    if not declared:
        return {}, imported.unreadable
    # Without a FEC nor a year, the calendar year of the latest declaration.
    period = months or Period.year(int(declared[-1][:4]))
    siren = company.siren if company and company.siren in imported.sirens else None
    results = workforce.compute([imported.tables], period, siren=siren)
    return {one.code: one for one in results}, imported.unreadable


def read_company(path: str) -> Company:
    """A company from an answer of a registry, or from a record that Bocage wrote. Raises RegistryError."""
    source = output.sources([path])[0]
    try:
        document = json.loads(source.path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise RegistryError(path) from None
    found = _company(document) if isinstance(document, dict) else None
    if found is None:
        raise RegistryError(path)
    return found


def _company(document: Mapping[str, object]) -> Company | None:
    today = datetime.now().astimezone().date()
    match document:
        case {"results": [{"siren": str(number)}, *_]} if siren := Siren.parse(number):
            answer: object = parse_search(document, siren, asked_on=today)
        case {"etablissement": {"siret": str(number)}} if siret := Siret.parse(number):
            answer = parse_siret(document, siret, asked_on=today)
        case {"etablissements": [{"siren": str(number)}, *_]} if siren := Siren.parse(number):
            answer = parse_sites([document], siren, asked_on=today)
        case _:
            return from_record(document)
    return answer if isinstance(answer, Company) else None
