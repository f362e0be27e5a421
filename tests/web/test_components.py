"""What the components promise to whoever writes a screen."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from bocage.indicators.result import Status
from cabinet.dossiers.models import MissionState
from cabinet.imports.enums import ImportState
from cabinet.web.components import charts, parts
from cabinet.web.components.controls import DayInput, FilesField
from cabinet.web.components.icons import draw_icon
from cabinet.web.components.states import CONFIDENCE, STATES


def draw(source: str, **context: object) -> str:
    request = RequestFactory().get("/clients/?q=pain&page=2&tri=nom")
    return engines["django"].from_string(source).render(context, request)


def test_every_state_of_the_product_has_a_sign_and_a_word() -> None:
    assert {state.value for state in [*ImportState, *MissionState]} <= set(STATES)
    assert {status.value for status in Status} <= set(CONFIDENCE)
    for label in STATES.values():
        assert label.word
        assert label.icon in {"", "spinner"} or draw_icon(label.icon)


def test_an_unknown_code_or_icon_fails() -> None:
    with pytest.raises(KeyError):
        draw('{% state "accpeted" %}')
    with pytest.raises(KeyError):
        draw('{% icon "unicorn" %}')


def test_a_button_escapes_what_it_is_given() -> None:
    html = draw("{% button name href=url title=name %}", name='<b> "x"', url="/?a=1&b=2")
    assert "<b>" not in html
    assert 'href="/?a=1&amp;b=2"' in html
    assert 'title="&lt;b&gt; &quot;x&quot;"' in html


def test_an_inactive_button_says_why_and_does_nothing() -> None:
    html = draw('{% button "Envoyer" href="/envoyer/" reason="Aucun fichier." %}')
    assert "href" not in html
    assert "disabled" in html
    assert "Aucun fichier." in html


def test_a_menu_entry_that_changes_something_is_a_form_with_its_token() -> None:
    html = draw('{% menu "Actions" %}{% menu_item "Désactiver" "/x/" method="post" %}{% endmenu %}')
    assert '<form method="post" action="/x/">' in html
    assert 'name="csrfmiddlewaretoken"' in html


class Sample(forms.Form):
    code = forms.CharField(label="Code", required=False, help_text="Le vôtre.")
    start = forms.DateField(label="Début", widget=DayInput)
    agreed = forms.BooleanField(label="D’accord")
    documents = FilesField(label="Fichiers", required=False)


def test_a_field_links_its_help_and_its_error() -> None:
    form = Sample({"code": "x" * 3, "start": "hier"})
    form.add_error("code", "Déjà pris.")
    html = str(form["code"].as_field_group())
    assert 'aria-describedby="id_code_helptext id_code_error"' in html
    assert 'id="id_code_error"' in html
    assert 'aria-invalid="true"' in html
    assert "facultatif" in html
    assert "facultatif" not in str(form["start"].as_field_group())


def test_a_corrected_field_shows_the_old_value() -> None:
    html = draw('{% field form.code corrected_from="Ancien" %}', form=Sample({"code": "Neuf"}))
    assert "Corrigée par vous." in html
    assert 'data-restore="Ancien"' in html


def test_a_date_is_written_for_the_browser_and_not_for_the_language() -> None:
    form = Sample(initial={"start": "2025-12-31"})
    assert 'value="2025-12-31"' in str(form["start"])


def test_several_files_are_a_list() -> None:
    field = FilesField(required=False)
    assert field.clean([]) == []
    assert field.clean(None) == []


def test_pages_keep_the_search() -> None:
    html = draw('{% pagination page target="#liste" %}', page=Paginator(range(47), 11).page(2))
    assert "12 à 22 sur 47" in html
    assert "?q=pain&amp;tri=nom&amp;page=3" in html or "?q=pain&amp;page=3&amp;tri=nom" in html


def test_sorting_turns_round_and_goes_back_to_the_first_page() -> None:
    html = draw('<table><tr>{% sort_header "Client" "nom" current="nom" %}</tr></table>')
    assert 'aria-sort="ascending"' in html
    assert "?q=pain&amp;tri=-nom" in html


def test_a_strip_says_what_is_missing() -> None:
    marks = [parts.Mark("septembre 2025", "present"), parts.Mark("octobre 2025", "missing"), parts.Mark("x", "none")]
    assert charts.strip_sentence(marks, "DSN") == "DSN\u00a0: 1 mois sur 2. Absent\u00a0: octobre 2025."


def test_bars_share_the_scale_of_the_widest_interval() -> None:
    chart = parts.BarChart("s", "h", "t", (parts.Bar("a", 50, "50", 20, 200), parts.Bar("b", None, "à compléter")))
    first, second = charts.draw_bars(chart)
    assert (first.width, first.low, first.high) == ("25.00%", "10.00%", "100.00%")
    assert second.width == ""


def test_charts_of_nothing_stand() -> None:
    assert charts.draw_bars(parts.BarChart("s", "h", "t")) == []
    drawn = charts.draw_columns(parts.ColumnChart("s", "u", (parts.Point("janv.", "janvier", 0),)))
    assert drawn[0].height == 0
