"""Charts drawn on the server: small SVG without styles, a title that says the finding, and the figures as a table.

Each maker takes its figures and the words that are said about them, and answers a :class:`~farthing.web.charts.drawing.Chart`,
which ``ui.chart(drawn)`` shows. Colours and dashes are classes of the style sheet, so a chart follows light and dark.
"""

from __future__ import annotations

from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import area, bars, bullet, stacked, two_bars
from farthing.web.charts.samples import samples

__all__ = ["Chart", "Point", "Series", "area", "bars", "bullet", "samples", "stacked", "two_bars"]
