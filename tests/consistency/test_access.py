"""One gate: protected models are reached through the access module of their own room, by permissions that exist."""

import ast

import pytest

from cabinet.accounts.permissions import CODES
from tests.consistency.gate import ways_around
from tests.consistency.tree import SOURCE, called_name, module, short, texts, under

CABINET = SOURCE / "cabinet"
GATES = {"access_client", "access_dossier", "access_import", "access_portfolio", "can", "known", "require"}


WAYS_AROUND = {
    "plain": "from cabinet.clients.models import Client\nClient.objects.all()",
    "alias": "from cabinet.clients.models import Client as C\nC.objects.all()",
    "default manager": "from cabinet.clients.models import Client\nClient._default_manager.all()",
    "base manager": "from cabinet.dossiers.models import Dossier as D\nD._base_manager.all()",
    "module": "from cabinet.clients import models\nmodels.Client.objects.all()",
    "dotted module": "import cabinet.clients.models\ncabinet.clients.models.Client.objects.all()",
    "variable": "from cabinet.imports.models import Import\nkept = Import\nkept.objects.all()",
    "variable of a module": "from cabinet.clients import models\nkept = models.Client\nkept.objects.all()",
    "get_model": "from django.apps import apps\nfound = apps.get_model('clients', 'Client')",
    "get_model in one word": "from django.apps import apps\nfound = apps.get_model('dossiers.dossier')",
    "getattr": "from cabinet.clients.models import Client\ngetattr(Client, 'objects').all()",
    "shortcut": "from cabinet.portfolios.models import Portfolio as P\nget_object_or_404(P, id=1)",
    "query set": "from cabinet.clients.models import Client\nQuerySet(model=Client)",
}


def test_protected_models_are_queried_at_home_only() -> None:
    strangers = [
        f"{short(path)}:{line}"
        for path in under(CABINET, ".py")
        for line in ways_around(module(path), path.relative_to(CABINET).parts[0])
    ]
    assert strangers == []


@pytest.mark.parametrize("source", WAYS_AROUND.values(), ids=WAYS_AROUND)
def test_a_way_around_the_gate_is_found(source: str) -> None:
    last = source.count("\n") + 1
    assert ways_around(ast.parse(source), "web") == [last]


def test_a_room_queries_its_own_models_and_others_by_their_gate() -> None:
    assert ways_around(ast.parse(WAYS_AROUND["alias"]), "clients") == []
    by_the_gate = "from cabinet.clients.access import visible_clients\nvisible_clients(actor).filter(is_active=True)"
    assert ways_around(ast.parse(by_the_gate), "web") == []


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
