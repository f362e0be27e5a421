"""Finds, in the syntax tree of a module, each way to a protected model that does not pass by its gate."""

import ast
from collections.abc import Iterator

from tests.consistency.tree import called_name, texts

PROTECTED = {"Client": "clients", "Dossier": "dossiers", "Import": "imports", "Portfolio": "portfolios"}
"""Model → the room where it lives, and where alone it is queried."""
MANAGERS = {"objects", "_default_manager", "_base_manager"}
TAKERS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404", "QuerySet", "Manager"}
"""What makes a query of the model that it is given."""


def ways_around(tree: ast.Module, room: str) -> list[int]:
    """The lines of a module of ``room`` that reach the models of other rooms by themselves.

    Known under any name: imported as another, through its module, kept in a variable, by ``get_model``.
    """
    names = _names(tree)
    return sorted({node.lineno for node, model in _uses(tree, names) if PROTECTED[model] != room})


def _names(tree: ast.Module) -> dict[str, str]:
    """Local name → protected model."""
    names = {model: model for model in PROTECTED}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname: one.name for one in node.names if one.asname and one.name in PROTECTED}
    for node in ast.walk(tree):  # once: a name given to a name of a name hides nothing that review would not see
        if isinstance(node, ast.Assign) and (model := _model(node.value, names)):
            names |= {target.id: model for target in node.targets if isinstance(target, ast.Name)}
    return names


def _model(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and node.attr in PROTECTED:  # models.Client
        return node.attr
    return None


def _uses(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and (model := _model(node.value, names)):
            yield node, model
        if isinstance(node, ast.Call):
            yield from ((node, model) for model in _called(node, names))


def _called(call: ast.Call, names: dict[str, str]) -> Iterator[str]:
    name = called_name(call)
    if name == "get_model":
        words = {word.lower() for text in texts(call) for word in text.split(".")}
        yield from (model for model in PROTECTED if model.lower() in words)
    if name == "getattr" and (model := _model(call.args[0], names)) and MANAGERS.intersection(texts(call)):
        yield model
    if name in TAKERS:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        yield from (model for one in given if (model := _model(one, names)))
