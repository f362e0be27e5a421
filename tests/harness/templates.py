"""A template that names what its context does not hold fails, where Django would print nothing.

Allowed, because they say that absence is expected: ``{% if name %}`` for an optional name, a mapping's optional key or
what follows a None, and ``{{ name|default:… }}``.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from django.template import VariableDoesNotExist, engines
from django.template.base import FilterExpression, Variable
from django.template.context import BaseContext
from django.template.defaultfilters import default, default_if_none
from django.template.defaulttags import ForNode, TemplateLiteral

DEFAULT_FILTERS = (default, default_if_none)


class UndefinedVariable(AssertionError):
    """The page would have shown a blank."""


class _Undefined:
    """Stands where Django keeps the text shown for an undefined variable: it refuses to become a text."""

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"undefined template variable: {variable}")

    def __str__(self) -> str:
        raise UndefinedVariable("a template shows a relation that has no object, or calls what changes data")


class _Strict:
    """The sequence of a loop: it must exist, so that a misspelt name is no empty list."""

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        return self.expression.resolve(context)

    def __str__(self) -> str:
        return str(self.expression)


def refuse_undefined_variables(patch: pytest.MonkeyPatch) -> None:
    """Patch the template engine for as long as ``patch`` lives."""
    patch.setattr(engines["django"].engine, "string_if_invalid", _Undefined())
    patch.setattr(FilterExpression, "resolve", _lenient_with_default(FilterExpression.resolve))
    patch.setattr(ForNode, "__init__", _strict_sequence(ForNode.__init__))
    patch.setattr(TemplateLiteral, "eval", _eval_in_if)


def _lenient_with_default(resolve: Any) -> Any:
    def resolve_with_default(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        expects_absence = bool(self.filters) and self.filters[0][0] in DEFAULT_FILTERS
        return resolve(self, context, ignore_failures or expects_absence)

    return resolve_with_default


def _strict_sequence(init: Any) -> Any:
    def init_strict(self: ForNode, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.sequence = _Strict(self.sequence)

    return init_strict


def _eval_in_if(self: Any, context: Any) -> Any:
    expression = self.value
    if isinstance(expression.var, Variable) and isinstance(context, BaseContext):
        try:
            expression.var.resolve(context)
        except VariableDoesNotExist as error:
            key, holder = error.params if len(error.params) == 2 else (None, None)
            if not (holder is None or isinstance(holder, BaseContext | Mapping | _Undefined)):
                raise UndefinedVariable(f"{type(holder).__name__} has no {key!r}: {{% if {self.text} %}}") from None
    value = expression.resolve(context, ignore_failures=True)
    return None if isinstance(value, _Undefined) else value
