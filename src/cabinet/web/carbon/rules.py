"""« Règles de classement »: the list, the form of « Classer autrement », and what a rule would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.urls import reverse

from bocage.indicators import carbon
from bocage.indicators.carbon import How, Moved
from bocage.wording import sentence
from cabinet.carbon.models import ClassingRule, SupplierSpend
from cabinet.carbon.rules import in_order, rules_of, withdrawn_rules
from cabinet.carbon.ruling import MOST_RULES, BadRuleError, RuleTerms, Trial, chosen_categories, said_lines, said_target
from cabinet.carbon.selectors import Reading, is_estimating, reading_of, release_for
from cabinet.web.carbon.detail import LineShown, lines_shown
from cabinet.web.carbon.links import PREFILLED, Asked, address, rule_url
from cabinet.web.carbon.words import branch_name, category_name, doubt, tonnes
from cabinet.web.components.formats import NBSP, UNKNOWN, euros, number, plural
from cabinet.web.components.parts import Tab
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.indicators import pills_of

PHYSICAL = frozenset({"electricity", "fuel_mobile", "fuel_fixed", "district_energy"})
"""Categories that take no ratio: their lines wait for a quantity."""
WRONG = {
    "lines": ("account", "Dites au moins un compte, un fournisseur ou des mots du libellé."),
    "target": ("target", "Choisissez ce que ces lignes deviennent."),
    "many": ("account", f"Ce dossier a déjà {MOST_RULES} règles : retirez-en avant d’en ajouter."),
}


class Step(StrEnum):
    """What the form is sent for."""

    TRY = "apercu"
    KEEP = "enregistrer"

    @classmethod
    def of(cls, text: str) -> "Step":
        """Whatever is not the saving shows first what changes."""
        return cls.KEEP if text == cls.KEEP else cls.TRY


class RuleForm(forms.Form):
    """Which lines, what they become, and why."""

    supplier = forms.CharField(
        label="Fournisseur",
        max_length=255,
        required=False,
        help_text="Son compte auxiliaire, tel qu’il est dans le FEC.",
        widget=forms.TextInput(attrs={"list": "fournisseurs", "autocomplete": "off"}),
    )
    account = forms.CharField(
        label="Compte",
        max_length=20,
        required=False,
        help_text="Le numéro entier, ou son début\u00a0: 6063 prend 606300 et 606310.",
        validators=[RegexValidator(r"^[0-9A-Za-z]+$", "Un numéro de compte n’a que des chiffres et des lettres.")],
    )
    words = forms.CharField(
        label="Mots du libellé",
        max_length=100,
        required=False,
        help_text="Mots entiers qui se suivent, dans le libellé ou le nom du fournisseur. "
        "«\u00a0plaqu*\u00a0» prend plaque et plaquette.",
    )
    target = forms.ChoiceField(
        label="Ces lignes deviennent",
        widget=forms.RadioSelect,
        error_messages={"required": WRONG["target"][1]},
    )
    reason = forms.CharField(
        label="Justification",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ce qui le prouve\u00a0: facture, contrat, parole du client. Elle accompagne la règle partout.",
    )

    def __init__(self, *args: Any, reading: Reading, step: Step = Step.TRY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading = reading
        self.fields["reason"].required = not self.is_bound or step is Step.KEEP
        target = self.fields["target"]
        if isinstance(target, forms.ChoiceField):
            target.choices = _targets(reading)

    @classmethod
    def from_address(cls, query: QueryDict, *, reading: Reading) -> "RuleForm":
        """The form as a link prefills it."""
        return cls(initial={field: query.get(name, "")[:255] for field, name in PREFILLED.items()}, reading=reading)

    def clean_supplier(self) -> str:
        """The supplier is one of the books of the year."""
        key = str(self.cleaned_data["supplier"]).strip()
        self._supplier = SupplierSpend.objects.filter(estimate=self._reading.row, key=key, is_account=False).first()
        if key and self._supplier is None:
            raise forms.ValidationError("Aucun fournisseur de l’exercice ne porte ce compte auxiliaire.")
        return key

    def clean(self) -> None:
        """What is only tried may wait for its reason; what is shown then asks for it."""
        self.fields["reason"].required = True

    def terms(self) -> RuleTerms:
        """What the service takes, once the form is valid."""
        data = self.cleaned_data
        return RuleTerms(
            supplier=data["supplier"],
            account=data["account"].strip(),
            words=data["words"].strip(),
            target=data["target"],
            reason=data["reason"].strip(),
            supplier_name=self._supplier.name if self._supplier else "",
        )

    def refuse(self, error: BadRuleError) -> None:
        """Say what cannot be kept, beside its field."""
        self.add_error(*WRONG[error.code])


def _targets(reading: Reading) -> list[tuple[str, str]]:
    """What lines may become: natures, then branches with their ratio, then out of scope."""
    release, year = release_for(reading.row.year), reading.row.ratio_year
    natures = [
        (
            f"category:{code}",
            f"Nature\u00a0: {category_name(code)}{', attend une quantité' if code in PHYSICAL else ''}",
        )
        for code in chosen_categories()
    ]
    ratios = [(code, release.ratio(code, year)) for code in release.branches]
    branches = [
        (f"branch:{code}", f"Branche\u00a0: {branch_name(code)}, {number(ratio.value)}{NBSP}kg CO2e par k€")
        for code, ratio in ratios
        if ratio
    ]
    by_name = sorted(natures, key=lambda one: one[1]) + sorted(branches, key=lambda one: one[1])
    return [*by_name, ("excluded:", "Hors périmètre\u00a0: ces lignes ne comptent pas")]


@dataclass(frozen=True, slots=True)
class MoveShown:
    """Lines that leave a place for another."""

    before: str
    after: str
    lines: str
    amount: str
    tonnes_before: str
    tonnes_after: str


@dataclass(frozen=True, slots=True)
class TrialShown:
    """What a rule would change, as the page says it."""

    said: str
    count: int
    amount: str
    before: str
    before_doubt: str
    after: str
    after_doubt: str
    difference: str
    moves: Sequence[MoveShown]
    lines: Sequence[LineShown]


def trial_shown(head: Head, trial: Trial) -> TrialShown:
    """The same in words and tonnes."""
    change = trial.after.kgco2e - trial.before.kgco2e
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return TrialShown(
        said=trial.said,
        count=trial.found.count,
        amount=f"{euros(trial.found.amount)}{NBSP}€",
        before=tonnes(trial.before.kgco2e),
        before_doubt=doubt(trial.before),
        after=tonnes(trial.after.kgco2e),
        after_doubt=doubt(trial.after),
        difference=f"{sign}{tonnes(abs(change))}{NBSP}t" if change else "aucun écart",
        moves=[_move(one) for one in trial.moves],
        lines=lines_shown(head, trial.found.lines),
    )


def _move(one: Moved) -> MoveShown:
    return MoveShown(
        before=_place(one.category_before, one.factor_before, one.how_before),
        after=_place(one.category_after, one.factor_after, one.how_after),
        lines=number(one.lines),
        amount=f"{euros(one.amount)}{NBSP}€",
        tonnes_before=UNKNOWN if one.how_before == How.MISSING else f"{tonnes(one.kgco2e_before)}{NBSP}t",
        tonnes_after=UNKNOWN if one.how_after == How.MISSING else f"{tonnes(one.kgco2e_after)}{NBSP}t",
    )


def _place(category: str | None, factor: str | None, how: str) -> str:
    """« Achats de biens, travail du bois », « Hors périmètre »."""
    if how == How.EXCLUDED:
        return category_name(None)
    name = category_name(category)
    if factor is None:
        return f"{name}, {sentence('carbon', f'how_{how}').message.lower()}"
    said = branch_name(factor.removeprefix("ratio:")) if factor.startswith("ratio:") else _factor_words(factor)
    return name if said == name else f"{name}, {said[:1].lower()}{said[1:]}"


def _factor_words(factor: str) -> str:
    return sentence("carbon", f"factor_{factor}").message if factor.startswith(("set:", "mean")) else factor


@dataclass(frozen=True, slots=True)
class RulePage:
    """What the form's template draws."""

    pills: Sequence[Tab]
    form: RuleForm
    trial: TrialShown | None
    suppliers: Sequence[tuple[str, str]]
    back_url: str


def rule_page(head: Head, form: RuleForm, trial: TrialShown | None = None) -> RulePage:
    """The page of « Classer autrement »."""
    reading = reading_of(head.year)
    known = reading.row.suppliers.filter(is_account=False).order_by("-amount", "id") if reading else ()
    return RulePage(
        pills=pills_of(head, "carbone"),
        form=form,
        trial=trial,
        suppliers=[(one.key, one.name) for one in known[:300]],
        back_url=reverse("carbon_rules", args=[head.client.id]) + head.query,
    )


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule of the list; ``weight`` is what it decides in the year shown, empty when it decides nothing there."""

    rule: ClassingRule
    lines: str
    target: str
    weight: str
    url: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    """What the template draws."""

    pills: Sequence[Tab]
    rules: Sequence[RuleShown]
    withdrawn: Sequence[RuleShown]
    edit: bool
    estimating: bool
    new_url: str


def rules_page(head: Head) -> RulesPage:
    """The rules of the dossier, with what they decide in the year chosen."""
    reading = reading_of(head.year)
    decided = carbon.by_rule(reading.path) if reading and reading.path.exists() else {}
    return RulesPage(
        pills=pills_of(head, "carbone"),
        rules=[_shown(head, one, decided) for one in in_order(rules_of(head.client))],
        withdrawn=[_shown(head, one, {}) for one in withdrawn_rules(head.client)[:50]],
        edit=head.rights.figures,
        estimating=is_estimating(head.client.id),
        new_url=rule_url(head) if reading else "",
    )


def _shown(head: Head, rule: ClassingRule, decided: Mapping[str, carbon.Ruled]) -> RuleShown:
    found = decided.get(rule.id.hex)
    weight = url = ""
    if found is not None:
        said = [plural(found.lines, "ligne"), f"{euros(found.amount)}{NBSP}€"]
        said += [f"{tonnes(found.kgco2e)}{NBSP}t"] if found.kgco2e else []
        weight, url = ", ".join(said), address(head, "carbon_detail", Asked(rule=rule.id.hex, lines=True))
    return RuleShown(rule, said_lines(rule), said_target(rule), weight, url)
