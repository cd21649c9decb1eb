"""A lender's portfolio: how many loans, the largest, how late they are, and what he lost beside what he might have lost."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.losses import service as losses
from farthing.funding.market import portfolio_service as portfolios
from farthing.kernel.run import Ask
from farthing.kit.rates import percent_of
from farthing.web.customer.lend.charts import loss_chart
from farthing.web.customer.lend.common import shown
from farthing.web.ground import pages

router = pages("/lend/portfolio")


@router.get("")
def portfolio(request: Request) -> Response:
    """Where his money is at risk, and what became of it."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        found, fan = ask(portfolios.portfolio, party), ask(losses.losses, party)
        return {
            "portfolio": found, "losses": fan, "chart": loss_chart(fan) if fan.points else None,
            "largest": percent_of(found.largest.minor, found.left.minor),
        }  # fmt: skip

    return shown(request, "portfolio", None, build)
