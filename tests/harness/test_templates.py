from types import SimpleNamespace

import pytest
from django.template import engines

from tests.harness.templates import UndefinedVariable

CLIENT = SimpleNamespace(name="Laiterie", manager=None)


def render(text: str) -> str:
    return engines["django"].from_string(text).render({"client": CLIENT, "texts": {"a": "b"}})


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ client.nmae }}",
        "{{ texts.z }}",
        "{{ client.manager.name }}",
        "{{ nobody|upper }}",
        "{% if client.nmae %}…{% endif %}",
        "{% for row in nobody %}…{% endfor %}",
        "{% for row in client.rows %}…{% endfor %}",
        "{% with a=nobody %}{{ a }}{% endwith %}",
    ],
)
def test_what_the_context_does_not_hold_fails(text: str) -> None:
    with pytest.raises(UndefinedVariable):
        render(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody|default:'' }}",
        "{{ client.manager.name|default:'' }}",
        "{% if nobody %}…{% endif %}",
        "{% if texts.z %}…{% endif %}",
        "{% if client.manager.name %}…{% endif %}",
        "{% if client.manager and client.manager.name %}…{% endif %}",
    ],
)
def test_absence_that_is_expected_passes(text: str) -> None:
    assert render(text) == ""
