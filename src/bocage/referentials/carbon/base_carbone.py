"""Reading a release of Base Carbone: the official CSV file, or the lines of the public interface of ADEME.

Both name their columns alike but for accents, spaces and underscores, and both give a factor as an element followed by
its posts. What is kept of them is the form of the file shipped beside: valid factors only, one a row.
"""

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bocage.errors import BocageError

COLUMNS = (
    *("id", "name", "attribute", "boundary", "unit", "value", "uncertainty_pct", "category", "location"),
    *("sublocation", "validity", "modified", "status", "co2b", "posts_json"),
)
_TEXTS = {
    "name": "nom_base_francais",
    "attribute": "nom_attribut_francais",
    "boundary": "nom_frontiere_francais",
    "unit": "unite_francais",
    "category": "code_de_la_categorie",
    "location": "localisation_geographique",
    "sublocation": "sous_localisation_geographique_francais",
    "validity": "periode_de_validite",
    "modified": "date_de_modification",
    "status": "statut_de_l_element",
}
_ID, _KIND, _TOTAL = "identifiant_de_l_element", "type_ligne", "total_poste_non_decompose"
_NEEDED = (_ID, _KIND, _TOTAL, "statut_de_l_element", "nom_base_francais", "unite_francais")
WANTED = (
    *("Type_Ligne", "Identifiant_de_l'élément", "Statut_de_l'élément", "Nom_base_français", "Nom_attribut_français"),
    *("Nom_frontière_français", "Code_de_la_catégorie", "Unité_français", "Localisation_géographique"),
    *("Sous-localisation_géographique_français", "Date_de_modification", "Période_de_validité", "Incertitude"),
    *("Type_poste", "Nom_poste_français", "Total_poste_non_décomposé", "CO2b"),
)
"""The columns to ask of the public interface."""
FEWEST = 100
"""Fewer valid factors than this is no release, but an extract or a mistake."""


class NotARelease(BocageError):
    """The file is not Base Carbone: ``code`` is columns, encoding, number or extract; ``value`` what was met."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class Extract:
    """The valid factors of a release, in the order of their ids; ``lines`` is how many lines were read."""

    rows: tuple[Mapping[str, str], ...]
    lines: int


def read_official_csv(content: bytes) -> Extract:
    """The file that ADEME publishes: Latin-1 or UTF-8, semicolons or commas, decimal commas. Raises NotARelease."""
    text = _decoded(content)
    header = text.split("\n", 1)[0]
    separator = ";" if header.count(";") >= header.count(",") else ","
    return read_lines(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotARelease("encoding", "")


def read_lines(lines: Iterable[Mapping[str, object]]) -> Extract:
    """Elements and their posts, from the CSV file or from the public interface. Raises NotARelease."""
    elements: dict[str, dict[str, str]] = {}
    posts: dict[str, list[dict[str, object]]] = {}
    count = 0
    names: dict[str, str] = {}
    for line in lines:
        count += 1
        names = names if line.keys() <= names.keys() else names | {key: _folded(key) for key in line if key}
        folded = {names[key]: _text(value) for key, value in line.items() if key}
        _take(folded, elements, posts)
    absent = [name for name in _NEEDED if name not in names.values()]
    if absent and count:
        raise NotARelease("columns", ", ".join(absent))
    if len(elements) < FEWEST:
        raise NotARelease("extract", str(len(elements)))
    for number, row in elements.items():
        row["posts_json"] = json.dumps(posts[number], ensure_ascii=False) if number in posts else ""
    return Extract(tuple(elements[number] for number in sorted(elements, key=int)), count)


def _take(
    line: Mapping[str, str], elements: dict[str, dict[str, str]], posts: dict[str, list[dict[str, object]]]
) -> None:
    number = line.get(_ID, "").removesuffix(".0")
    if not number.isdigit():
        return
    if _folded(line.get(_KIND, "")) == "poste":
        part = {"type": line.get("type_poste", ""), "nom": line.get("nom_poste_francais", "")}
        posts.setdefault(number, []).append({**part, "total": float(_number(line.get(_TOTAL, ""), number) or 0)})
        return
    if not _folded(line.get("statut_de_l_element", "")).startswith("valide") or number in elements:
        return
    value = _number(line.get(_TOTAL, ""), number)
    if value is None:
        return
    elements[number] = {
        "id": number,
        **{ours: line.get(theirs, "") for ours, theirs in _TEXTS.items()},
        "value": f"{value.normalize():f}",
        "uncertainty_pct": _plain(line.get("incertitude", ""), number),
        "co2b": _plain(line.get("co2b", ""), number),
    }


def _folded(name: str) -> str:
    """``Identifiant de l'élément`` and ``Identifiant_de_l'élément`` are one column."""
    bare = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", bare))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _number(text: str, factor: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise NotARelease("number", f"{factor}: {text[:40]}") from None
    if not value.is_finite() or abs(value) > Decimal(10) ** 9:
        raise NotARelease("number", f"{factor}: {text[:40]}")
    return value


def _plain(text: str, factor: str) -> str:
    value = _number(text, factor)
    return "" if value is None else f"{value.normalize():f}"


def pack(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as a compressed CSV file; the same rows give the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return gzip.compress(out.getvalue().encode("utf-8"), mtime=0)


def unpack(packed: bytes) -> Iterator[Mapping[str, str]]:
    """The rows of a file made by :func:`pack`, or of the one shipped."""
    yield from csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"), newline=""))
