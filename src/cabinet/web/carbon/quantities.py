"""« Énergie et quantités »: what the books say, what was given, and the form that gives more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse

from bocage.indicators.carbon import KNOWN, How, QuantityError, known_categories, known_factor
from bocage.referentials.carbon import Release, shipped
from cabinet.carbon.models import GivenQuantity, Origin
from cabinet.carbon.quantities import Terms
from cabinet.carbon.selectors import Reading, given_quantities, is_estimating, reading_of, release_for
from cabinet.clients.models import FiscalYear
from cabinet.imports.coverage import months_of
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import category_name, tonnes
from cabinet.web.components.controls import NumberField
from cabinet.web.components.formats import MONTHS, NBSP, UNKNOWN, euros, number
from cabinet.web.components.parts import Tab
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.indicators import pills_of
from cabinet.web.dossier.proofs import proof_field

USES = (
    ("electricity", "electricity"),
    ("gas", "fuel_fixed"),
    ("heating_oil", "fuel_fixed"),
    ("bottled_gas", "fuel_fixed"),
    ("road_fuel", "fuel_mobile"),
    ("off_road_fuel", "fuel_mobile"),
    ("water", "water"),
    ("refrigerant", "refrigerants"),
    ("rail", "travel_rail"),
    ("air", "travel_air"),
    ("road_passenger", "travel_car"),
    ("freight", "freight_in"),
    ("freight", "freight_out"),
    ("waste", "waste"),
)
"""Everyday factors and the category that each serves, in the order of the form."""
UNITS = ("kWh", "MWh", "kWh PCS", "kWh PCI", "L", "m3", "kg", "t", "km", "p.km", "t.km", "kgCO2e", "tCO2e")
WRONG = {
    "unit": "Cette unité ne se convertit pas en «\u00a0{wanted}\u00a0», l’unité du facteur.",
    "quantity": "Une quantité positive est attendue.",
}


def unit_name(unit: str) -> str:
    """As it is written: ``m³``, ``t CO2e``."""
    return unit.replace("m3", "m³").replace("CO2e", " CO2e")


def _choices(release: Release) -> list[tuple[str, list[tuple[str, str]]]]:
    """Factors by category, each with the unit that it counts."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for use, category in USES:
        groups.setdefault(category, []).extend(
            (f"{category} {one.id}", f"{one.name} ({one.unit})") for one in release.factors_of_use(use)
        )
    known = [
        (f"{code} {KNOWN}", f"Émissions connues, {category_name(code)[:1].lower()}{category_name(code)[1:]}")
        for code in known_categories()
    ]
    return [
        *((category_name(category), choices) for category, choices in groups.items()),
        ("Émissions données par le fournisseur ou par un bilan", known),
    ]


class QuantityForm(forms.Form):
    """A quantity: what, how much, where, when, and why it can be trusted."""

    what = forms.ChoiceField(label="Quoi")
    amount = NumberField(label="Quantité", max_digits=18, decimal_places=4, min_value=Decimal(0))
    unit = forms.ChoiceField(label="Unité", choices=[(unit, unit_name(unit)) for unit in UNITS])
    origin = forms.ChoiceField(label="Origine", choices=Origin.choices)
    site = forms.CharField(label="Site", max_length=100, required=False)
    month = forms.ChoiceField(label="Mois", required=False)
    reason = forms.CharField(
        label="Justification", max_length=500, help_text="Facture, relevé, courrier du client\u00a0: ce qui le prouve."
    )
    proof = proof_field()

    def __init__(self, *args: Any, year: FiscalYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [(f"{day:%Y-%m-%d}", f"{MONTHS[day.month - 1]} {day.year}") for day in months_of(year.start, year.end)]
        for name, choices in (("what", _choices(release_for(year))), ("month", [("", "Exercice entier"), *months])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def terms(self) -> Terms:
        """What the service takes, once the form is valid."""
        data = self.cleaned_data
        category, chosen = data["what"].split(" ", 1)
        return Terms(
            category=category,
            factor=chosen,
            amount=data["amount"],
            unit=data["unit"],
            origin=data["origin"],
            site=data["site"].strip(),
            month=date.fromisoformat(data["month"]) if data["month"] else None,
            reason=data["reason"].strip(),
        )

    def refuse(self, error: QuantityError) -> None:
        """Say what the library refused, beside its field."""
        fields = {"quantity": "amount", "unit": "unit"}
        self.add_error(
            fields.get(error.code, "what"),
            WRONG.get(error.code, "Ce choix n’est plus possible.").format(wanted=error.wanted),
        )


@dataclass(frozen=True, slots=True)
class BooksLine:
    """A category of the books that a quantity replaces, or waits for."""

    label: str
    amount: str
    state: str
    figure: str
    url: str


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A quantity given, as the list shows it."""

    given: GivenQuantity
    label: str
    factor: str
    amount: str
    when: str
    proof_url: str


@dataclass(frozen=True, slots=True)
class QuantitiesPage:
    """What the template draws."""

    pills: Sequence[Tab]
    form: QuantityForm | None
    books: Sequence[BooksLine]
    given: Sequence[GivenLine]
    estimating: bool
    edit: bool


def quantities_page(head: Head, form: QuantityForm | None, *, edit: bool) -> QuantitiesPage:
    """The page of the year chosen."""
    reading = reading_of(head.year)
    given = given_quantities(head.year) if head.year else ()
    release = release_for(head.year) if head.year else shipped()
    return QuantitiesPage(
        pills=pills_of(head, "carbone"),
        form=form,
        books=_books(head, reading) if reading else [],
        given=[_given(head, one, release) for one in given],
        estimating=is_estimating(head.client.id),
        edit=edit,
    )


def _books(head: Head, reading: Reading) -> list[BooksLine]:
    euros_of: dict[str, Decimal] = {}
    kilograms: dict[str, Decimal] = {}
    for cell in reading.cells:
        category = cell.category or ""
        if cell.how in (How.MISSING, How.REPLACED):
            euros_of[category] = euros_of.get(category, Decimal(0)) + cell.amount
        if cell.how is How.QUANTITY:
            kilograms[category] = kilograms.get(category, Decimal(0)) + cell.kgco2e
    return [
        BooksLine(
            label=category_name(category or None),
            amount=f"{euros(euros_of.get(category, Decimal(0)))}{NBSP}€",
            state="computed" if category in kilograms else "missing",
            figure=f"{tonnes(kilograms[category])}{NBSP}t" if category in kilograms else UNKNOWN,
            url=address(head, "carbon_detail", Asked(category=category)),
        )
        for category in sorted({*euros_of, *kilograms}, key=lambda one: -euros_of.get(one, Decimal(0)))
    ]


def _given(head: Head, one: GivenQuantity, release: Release) -> GivenLine:
    used = known_factor() if one.factor == KNOWN else release.factor(one.factor)
    exponent = -int(one.amount.normalize().as_tuple().exponent)
    return GivenLine(
        given=one,
        label=category_name(one.category),
        factor=used.name if used else one.factor,
        amount=f"{number(one.amount, max(exponent, 0))}{NBSP}{unit_name(one.unit)}",
        when=f"{MONTHS[one.month.month - 1]} {one.month.year}" if one.month else "exercice entier",
        proof_url=reverse("carbon_quantity_proof", args=[head.client.id, one.id]) + head.query if one.proof_id else "",
    )
