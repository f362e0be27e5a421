"""One gate: protected models are reached through the access module of their own room, by permissions that exist."""

import ast

from cabinet.accounts.permissions import CODES
from tests.consistency.tree import SOURCE, called_name, module, short, texts, under

CABINET = SOURCE / "cabinet"
PROTECTED = {"Client": "clients", "Dossier": "dossiers", "Import": "imports", "Portfolio": "portfolios"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
GATES = {"access_client", "access_dossier", "access_import", "access_portfolio", "can", "known", "require"}


def test_protected_models_are_queried_at_home_only() -> None:
    strangers = []
    for path in under(CABINET, ".py"):
        room = path.relative_to(CABINET).parts[0]
        for node in ast.walk(module(path)):
            if not (isinstance(node, ast.Attribute) and node.attr in MANAGERS):
                continue
            home = PROTECTED.get(node.value.id) if isinstance(node.value, ast.Name) else None
            if home not in {None, room}:
                strangers.append(f"{short(path)}:{node.lineno}")
    assert strangers == []


def test_permission_codes_exist() -> None:
    unknown = []
    used = set()
    for path in under(CABINET, ".py"):
        for node in ast.walk(module(path)):
            if isinstance(node, ast.Call) and called_name(node) in GATES:
                codes = [text for argument in node.args for text in texts(argument) if "." in text]
                used.update(codes)
                unknown += [f"{short(path)}:{node.lineno} {code}" for code in codes if code not in CODES]
    assert unknown == []
    assert "dossier.view" in used
