"""Releases made up from the one shipped: the lines of the public interface, and the official CSV file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bocage.referentials.carbon import shipped

TITLES = {
    "id": "Identifiant de l'élément",
    "name": "Nom base français",
    "attribute": "Nom attribut français",
    "boundary": "Nom frontière français",
    "unit": "Unité français",
    "value": "Total poste non décomposé",
    "uncertainty_pct": "Incertitude",
    "category": "Code de la catégorie",
    "location": "Localisation géographique",
    "sublocation": "Sous-localisation géographique français",
    "validity": "Période de validité",
    "modified": "Date de modification",
    "status": "Statut de l'élément",
    "co2b": "CO2b",
}
LEFT_OUT = ("ademe:20557",)
"""A factor that the made-up release has withdrawn."""


def changed_rows(changes: Mapping[str, Mapping[str, str]], *, keep: int = 400) -> Iterator[dict[str, str]]:
    """The first rows of the release shipped, those of ``changes`` as they say, a new number when it is unknown."""
    rows = dict(shipped().rows)
    wanted = [*list(rows)[:keep], *changes]
    for name in dict.fromkeys(wanted):
        if name in LEFT_OUT:
            continue
        model = changes.get(name, {}).get("like", name)
        yield {**rows[model], "id": name.removeprefix("ademe:"), **changes.get(name, {})}


def official_lines(rows: Iterable[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """Elements and posts, with the titles of the official file."""
    for row in rows:
        yield {"Type Ligne": "Elément", **{title: row[name] for name, title in TITLES.items()}}
        for post in json.loads(row["posts_json"] or "[]"):
            yield {
                "Type Ligne": "Poste",
                TITLES["id"]: row["id"],
                TITLES["status"]: row["status"],
                TITLES["name"]: row["name"],
                TITLES["unit"]: row["unit"],
                "Type poste": post["type"],
                "Nom poste français": post["nom"] or "",
                TITLES["value"]: "" if post["total"] is None else str(post["total"]),
            }


def official_csv(rows: Iterable[Mapping[str, str]], encoding: str = "cp1252") -> bytes:
    """The file as ADEME writes it: semicolons, decimal commas, Latin letters."""
    titles = ["Type Ligne", *TITLES.values(), "Type poste", "Nom poste français"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, titles, delimiter=";", restval="")
    writer.writeheader()
    for line in official_lines(rows):
        figures = ("Total poste non décomposé", "Incertitude", "CO2b")
        writer.writerow({key: value.replace(".", ",") if key in figures else value for key, value in line.items()})
    return out.getvalue().encode(encoding, "replace")


def interface_lines(rows: Iterable[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """The same as the public interface answers: underscores, numbers, nothing for what is empty."""
    for line in official_lines(rows):
        yield {
            title.replace(" ", "_"): float(value) if title in ("Total poste non décomposé", "Incertitude") else value
            for title, value in line.items()
            if value
        }
