"""Own the routes of pooled funds: buying and redeeming from one fen, what a fund publishes, what its managers do.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from farthing.api.ground import Who, got, needs, read, tryable
from farthing.api.savings import Day, PartyId, reader
from farthing.db.tx import Tx
from farthing.savings.pool import service as pool
from farthing.savings.pool.assets import service as assets
from farthing.savings.pool.commands import FundView, HoldingView, OrderPage, Published
from farthing.savings.pool.funds import service as funds
from farthing.savings.pool.model import HeldAsset, Order

router = APIRouter(prefix="/v1/savings")

FundName = Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")]
OrderId = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")]
A_MONTH = timedelta(days=30)

tryable(router, "/fund-purchases", pool.subscribe, pool.preview)
tryable(router, "/fund-redemptions", pool.redeem, pool.preview)
tryable(router, "/fund-instant-redemptions", pool.redeem_now, pool.preview)
tryable(router, "/fund-orders/cancellations", pool.cancel, pool.preview)
tryable(router, "/funds", funds.found_fund, pool.preview, money=False)
tryable(router, "/fund-assets", assets.declare_asset, pool.preview)
tryable(router, "/fund-assets/retirements", assets.retire_asset, pool.preview)
tryable(router, "/fund-fees", assets.pay_fee, pool.preview)


@router.get("/funds", responses=got(list[FundView]), response_model=None, tags=["savings"])
def get_funds(request: Request, who: Who) -> JSONResponse:
    """Pooled funds, their terms and caps. For everybody."""
    return read(request, who, funds.funds)


@router.get("/funds/{fund}/figures", responses=got(Published), response_model=None, tags=["savings"])
def get_figures(request: Request, fund: FundName, who: Who, from_on: Day = None, to_on: Day = None) -> JSONResponse:
    """What a fund published: income per 10,000 units and both 7-day yields; by default the last 30 days. For everybody."""

    def figures(tx: Tx) -> Any:
        last: date = to_on or tx.business_date
        first = from_on or (last - A_MONTH if last.toordinal() > A_MONTH.days else date.min)
        return funds.published(tx, fund, first, last)

    return read(request, who, figures)


@router.get("/funds/{fund}/assets", responses=got(list[HeldAsset]), response_model=None, tags=["savings"])
def get_fund_assets(request: Request, fund: FundName, who: Who) -> JSONResponse:
    """What a fund holds, for staff."""
    needs(who, "savings:read")
    return read(request, who, lambda tx: assets.assets(tx, fund))


@router.get("/parties/{party_id}/holdings", responses=got(list[HoldingView]), response_model=None, tags=["savings"])
def get_holdings(request: Request, party_id: PartyId, who: Who) -> JSONResponse:
    """What a party has in every fund, to 12 decimals."""
    reader(who)
    return read(request, who, lambda tx: pool.holdings(tx, party_id))


@router.get("/parties/{party_id}/funds/{fund}/orders", responses=got(OrderPage), response_model=None, tags=["savings"])
def get_fund_orders(
    request: Request,
    party_id: PartyId,
    fund: FundName,
    who: Who,
    cursor: Annotated[str | None, Query(max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JSONResponse:
    """A page of a party's orders in a fund, newest first."""
    reader(who)
    return read(request, who, lambda tx: pool.orders(tx, fund, party_id, cursor, limit))


@router.get("/fund-orders/{order_id}", responses=got(Order), response_model=None, tags=["savings"])
def get_fund_order(request: Request, order_id: OrderId, who: Who) -> JSONResponse:
    """One order and how far it is."""
    reader(who)
    return read(request, who, lambda tx: pool.order(tx, order_id))
