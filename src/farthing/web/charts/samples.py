"""One chart of each kind with figures of no customer, for the gallery."""

from __future__ import annotations

from decimal import Decimal

from farthing.web.charts import plain
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.speech import gettext as _
from farthing.web.speech import language


def _series(name: str, values: list[int], label: str = "{}") -> Series:
    return Series(
        name, [Point(label.format(index), Decimal(each), f"{each:,}") for index, each in enumerate(values, 1)]
    )


def samples() -> list[Chart]:
    """Each kind once, in the language that is spoken."""
    balance = _series(_("Balance"), [4200, 3900, 3100, 812, 8812, 8100, 7400, 6900])
    gains = _series(_("Gain"), [462, 338, 87])
    parts = [
        _series(_("Principal"), [1300, 1310, 1320, 1340, 1360, 1370]), _series(_("Interest"), [80, 67, 54, 40, 27, 13])
    ]  # fmt: skip
    used, limit = Point(_("Used"), Decimal(132), "132"), Point(_("Limit"), Decimal(200), "200")
    cash, owed = Point(_("Cash"), Decimal(1000), "1,000"), Point(_("Owed to customers"), Decimal(1000), "1,000")
    first, named, told = _("Number"), _("Figure"), _("A sample without meaning.")
    lowest = plain.lowest(balance)
    return [
        plain.area(_("The lowest was 812"), told, balance, first, language(), step=True, marks=[lowest]),
        plain.bars(_("The first gives most"), told, gains, first, strong=[0]),
        plain.stacked(_("Two of six are paid"), told, parts, first, language(), filled=2),
        plain.bullet(_("Two thirds of the limit are used"), told, used, limit, first, named),
        plain.two_bars(_("Both are equal"), told, cash, owed, first, named),
    ]
