"""The files that go with ``bocage carbon``: suppliers (CSV) and quantities (JSON)."""

import csv
import io
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bocage.cli import output
from bocage.errors import BocageError
from bocage.identifiers import Naf, Siren
from bocage.indicators import carbon
from bocage.wording import sentence

_SUPPLIER_COLUMNS = ("aux", "name", "siren", "naf")
_QUANTITY_KEYS = ("category", "quantity", "unit", "factor", "activity")


class InputError(BocageError):
    """A file of suppliers or of quantities that cannot be used; the message says where and why."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(sentence("carbon", code, **values).message)


def _text(path: str) -> str:
    source = output.sources([path])[0]
    try:
        return Path(source.path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not_utf8", path=path) from error


def read_suppliers(path: str) -> list[carbon.Supplier]:
    """The suppliers of a CSV ``aux,name,siren,naf``. Raises InputError when its columns are missing."""
    try:
        reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
        if not set(_SUPPLIER_COLUMNS) <= set(reader.fieldnames or ()):
            raise InputError("suppliers_columns", path=path)
        rows = [{name: (row[name] or "").strip() for name in _SUPPLIER_COLUMNS} for row in reader]
    except csv.Error as error:
        raise InputError("suppliers_columns", path=path) from error
    return [
        carbon.Supplier(row["aux"], row["name"], Siren.parse(row["siren"]), Naf.parse(row["naf"]))
        for row in rows
        if row["aux"]
    ]


def read_quantities(path: str) -> list[carbon.Quantity]:
    """The quantities of a JSON list. Raises InputError with the rank of the first that cannot be used."""
    try:
        items = json.loads(_text(path), parse_float=Decimal, parse_int=Decimal)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("quantities_json", path=path) from error
    if not isinstance(items, list):
        raise InputError("quantities_json", path=path)
    return [_quantity(item, path, rank) for rank, item in enumerate(items, start=1)]


def _quantity(item: object, path: str, rank: int) -> carbon.Quantity:
    if not isinstance(item, dict) or not set(_QUANTITY_KEYS) <= set(item):
        raise InputError("quantity_keys", path=path, rank=f"{rank}")
    category, amount, unit, factor, activity = (str(item[name]) for name in _QUANTITY_KEYS)
    try:
        return carbon.checked_quantity(category, Decimal(amount), unit, factor, activity)
    except InvalidOperation as error:
        raise InputError("quantity_quantity", path=path, rank=f"{rank}", value=amount, wanted="") from error
    except carbon.QuantityError as error:
        raise InputError(
            f"quantity_{error.code}", path=path, rank=f"{rank}", value=error.value, wanted=error.wanted
        ) from error
