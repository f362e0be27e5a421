"""The charts, as template tags: every template has them, as it has the tags of ``bocage``."""

from decimal import Decimal
from typing import Any

from django import template

from cabinet.web.components import charts, formats, parts, people_charts, shares

register = template.Library()


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(chart: parts.BarChart) -> dict[str, Any]:
    """Bars that are the table: each line is a label, a bar, a figure."""
    return {"chart": chart, "bars": charts.draw_bars(chart)}


@register.inclusion_tag("components/column_chart.html")
def column_chart(chart: parts.ColumnChart) -> dict[str, Any]:
    """Month by month, as one image with a sentence, and its table under *Voir les données*."""
    width = max(len(chart.points), 1) * charts.COLUMN_STEP
    return {"chart": chart, "columns": charts.draw_columns(chart), "width": width, "base": charts.COLUMN_BASE}


@register.inclusion_tag("components/pyramid.html")
def pyramid(chart: people_charts.Pyramid) -> dict[str, Any]:
    """Women and men by band, small groups hatched."""
    height = 28 + len(chart.bands) * people_charts.PYRAMID_STEP
    return {"chart": chart, "bands": people_charts.draw_pyramid(chart), "height": height}


@register.inclusion_tag("components/flow_chart.html")
def flow_chart(chart: people_charts.FlowChart) -> dict[str, Any]:
    """People month by month, entries and exits under them; a missing month cuts the line."""
    flows, lines = people_charts.draw_flows(chart)
    width = max(len(flows), 1) * people_charts.FLOW_STEP
    return {"chart": chart, "flows": flows, "lines": lines, "width": width, "base": people_charts.FLOW_BASE}


@register.inclusion_tag("components/pair_chart.html")
def pair_chart(chart: people_charts.PairChart) -> dict[str, Any]:
    """Pay of women and men as two dots on one scale; the chart is the table."""
    return {"chart": chart, "pairs": people_charts.draw_pairs(chart)}


@register.filter
def axis(value: Decimal) -> str:
    """A mark of an axis: no more decimals than it needs."""
    return formats.number(value, max(-int(value.normalize().as_tuple().exponent), 0))


@register.inclusion_tag("components/interval_chart.html")
def interval_chart(chart: shares.Interval) -> dict[str, Any]:
    """A figure between its bounds, on an axis that begins at zero."""
    return {"chart": chart, "drawn": shares.draw_interval(chart)}


@register.inclusion_tag("components/treemap.html")
def treemap(chart: shares.Treemap) -> dict[str, Any]:
    """Areas that add up to a whole, tinted by intensity, with their table."""
    return {"chart": chart, "tiles": shares.draw_treemap(chart), "tall": shares.TALL}
