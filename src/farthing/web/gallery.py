"""The gallery: every component in every state, for who builds pages and for the test that photographs them.

Shown by a simulated bank alone; it holds no customer's data.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import not_found
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.web.charts.samples import samples
from farthing.web.charts.states import states
from farthing.web.ground import current, kernel_of, page, pages
from farthing.web.refusing import Said

router = pages()

NO_GALLERY = not_found(
    "web.no_gallery",
    "The gallery of components is shown by a simulated bank alone.",
    "组件陈列页仅在模拟环境中提供。",
)
DAY = date(2026, 12, 28)


@router.get("/gallery")
def gallery(request: Request) -> Response:
    """Every component in every state."""
    _simulated(request)
    wrong = Words("Write an amount, such as 12.34.", "请填写金额，例如 12.34。")
    return page(
        request, "gallery.html", current(request), person="Lin Xiaomei",
        amount=Money(123_456_789, "CNY"), small=Money(100_50, "CNY"),
        negative=Money(-8_000_00, "CNY"), foreign=Money(1_250_00, "USD"), on=DAY,
        at=datetime(2026, 12, 28, 6, 5, tzinfo=UTC),
        annual=Decimal("0.0345"), trouble=Said("web.amount_missing", wrong.en, wrong.zh, None, False),
        typed={"amount": "八千"}, errors={"amount": wrong}, done=(), charts=samples(),
    )  # fmt: skip


@router.get("/gallery/charts")
def charts(request: Request) -> Response:
    """Every kind of chart of risk and of what adds up, in each of its states."""
    _simulated(request)
    return page(request, "gallery_charts.html", current(request), charts=states())


def _simulated(request: Request) -> None:
    """Refuse ``web.no_gallery`` where the clock is real."""
    if kernel_of(request).clock().mode != "simulated":
        raise NO_GALLERY()
