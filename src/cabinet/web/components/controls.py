"""How forms are drawn: label above, « facultatif » in grey, help under, errors linked to their control."""

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.utils.safestring import SafeString

type Backend = Any

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "bo-check__box"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "bo-select"),
    (forms.Textarea, "bo-input bo-input--area"),
    (forms.FileInput, "bo-file"),
    (forms.Widget, "bo-input"),
)


class NumberField(forms.DecimalField):
    """A number as French writes it: « 38 400,5 », the spaces of any kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def to_python(self, value: Any) -> Any:
        """The number; Django's own error for what is none."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class FormRenderer(DjangoTemplates):
    """Django's own widgets, in our field template: ``{{ field.as_field_group }}`` gives the component."""

    field_template_name = "components/field_group.html"

    def get_template(self, template_name: str) -> Backend:
        if template_name.startswith("components/"):
            return get_template(template_name)
        return super().get_template(template_name)


class DayInput(forms.DateInput):
    """A date field: the browser's own picker, ISO on the wire whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def format_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else super().format_value(value)


class FilesInput(forms.FileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files: cleans to a list, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data]
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        return [file for file in cleaned if file]


def draw_control(bound: BoundField, *, size: str = "", attrs: dict[str, str] | None = None) -> SafeString:
    """The control alone, with the class of its kind."""
    widget = bound.field.widget
    css = next(name for kind, name in _CLASSES if isinstance(widget, kind))
    own = str(widget.attrs.get("class", ""))
    classes = " ".join(part for part in (css, f"bo-input--{size}" if size and css else "", own) if part)
    return bound.as_widget(attrs={**({"class": classes} if classes else {}), **(attrs or {})})


def kind_of(bound: BoundField) -> str:
    """Which layout the field takes: ``check`` (box before its label), ``set`` (several controls) or ``plain``."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "check"
    return "set" if bound.use_fieldset else "plain"
