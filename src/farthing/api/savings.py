"""Own the routes of savings: deposits at the customer's own hand or over a counter, what they are worth, their papers.

Every command can be tried with ``?dry_run=true``: the same decision and the same refusals, answered 200, nothing kept
and no key needed. Never decides anything.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from farthing.api.ground import Who, got, kernel_of, needs, read, tryable
from farthing.api.problems import RESPONSES
from farthing.db.tx import Tx
from farthing.kit.actor import Actor
from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.ledger.chart import HOME_CURRENCY
from farthing.savings.accounts import service as deposits
from farthing.savings.accounts.model import Cover, DepositStatement, DepositView, Worth
from farthing.savings.advice import Advice, PledgeOffer
from farthing.savings.catalogue import service as catalogue
from farthing.savings.catalogue.model import RETAIL, BoardView, Holidays, Offered
from farthing.savings.compare import Comparison
from farthing.savings.model import InterestPayment
from farthing.savings.papers import INTEREST_CERTIFICATE, STATEMENT
from farthing.savings.passbook import service as passbook
from farthing.savings.reading import rate

router = APIRouter(prefix="/v1/savings")

ONE_DAY = malformed(
    "api.one_day",
    "Say either after how many days, or on which day the money is needed: days=90 or on=2026-12-31.",
    "请指明多少天后或哪一天用款:days=90 或 on=2026-12-31,二者选一。",
)

DepositId = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")]
PartyId = DepositId
Day = Annotated[date | None, Query(description="ISO 8601.")]
Amount = Annotated[str, Query(max_length=40, description="Yuan, such as 1000 or 1000.50.")]
PDF: dict[int | str, dict[str, Any]] = {
    **RESPONSES,
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
}


tryable(router, "/deposits", deposits.open_deposit, deposits.preview_open)
tryable(router, "/pay-ins", deposits.pay_in, deposits.preview)
tryable(router, "/withdrawals", deposits.withdraw, deposits.preview)
tryable(router, "/closings", deposits.close, deposits.preview)
tryable(router, "/notices", deposits.notify, deposits.preview)
tryable(router, "/notices/cancellations", deposits.cancel_notice, deposits.preview)
tryable(router, "/renewals", deposits.renew, deposits.preview)
tryable(router, "/products", catalogue.publish, catalogue.preview_publish, Offered, money=False)
tryable(router, "/rates", catalogue.publish_rates, catalogue.preview_rates, BoardView, money=False)
tryable(router, "/holidays", catalogue.declare_holidays, catalogue.preview_holidays, Holidays, money=False)


def reader(who: Actor) -> None:
    """Customers read what is theirs (the passbook checks whose it is); staff need ``savings:read``."""
    needs(who, "savings:read" if who.party_id is None else "identity:self")


@router.get("/products", responses=got(list[Offered]), response_model=None, tags=["savings"])
def get_savings_products(request: Request, who: Who) -> JSONResponse:
    """Deposit products on offer: what may be agreed, today's rates, the insurance badge. For everybody."""
    return read(request, who, catalogue.on_offer)


@router.get("/rates", responses=got(BoardView), response_model=None, tags=["savings"])
def get_rates(
    request: Request,
    who: Who,
    board: Annotated[str, Query(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")] = RETAIL,
) -> JSONResponse:
    """A rate board with all its editions, the newest first. For everybody."""
    return read(request, who, lambda tx: catalogue.board_view(tx, board))


@router.get("/holidays", responses=got(Holidays), response_model=None, tags=["savings"])
def get_holidays(request: Request, who: Who) -> JSONResponse:
    """Days on which products with business-day value dates take nothing. For everybody."""
    return read(request, who, catalogue.declared_holidays)


@router.get("/comparison", responses=got(list[Comparison]), response_model=None, tags=["savings"])
def get_comparison(
    request: Request,
    who: Who,
    amount: Amount,
    days: Annotated[int | None, Query(ge=1, le=36_600)] = None,
    on: Day = None,
    party_id: Annotated[str | None, Query(max_length=100)] = None,
) -> JSONResponse:
    """What an amount gives after so many days (or until a day) in every product, the best first.

    With ``party_id``, beside the insurance cover that the party's deposits leave.
    """
    if (days is None) == (on is None):
        raise ONE_DAY()
    if party_id is not None:
        reader(who)
    saved = Money.parse(amount, HOME_CURRENCY)

    def compared(tx: Tx) -> Any:
        return passbook.comparison(tx, saved, on or tx.business_date + timedelta(days=days or 0), party_id)

    return read(request, who, compared)


@router.get("/parties/{party_id}/deposits", responses=got(list[DepositView]), response_model=None, tags=["savings"])
def get_deposits(request: Request, party_id: PartyId, who: Who) -> JSONResponse:
    """A party's deposits, the oldest first, closed ones too."""
    reader(who)
    return read(request, who, lambda tx: passbook.deposits(tx, party_id))


@router.get("/parties/{party_id}/cover", responses=got(Cover), response_model=None, tags=["savings"])
def get_cover(request: Request, party_id: PartyId, who: Who) -> JSONResponse:
    """What deposit insurance covers of a party's deposits here, and the cover that is left."""
    reader(who)
    return read(request, who, lambda tx: passbook.cover(tx, party_id))


@router.get("/deposits/{deposit_id}", responses=got(DepositView), response_model=None, tags=["savings"])
def get_deposit(request: Request, deposit_id: DepositId, who: Who) -> JSONResponse:
    """A deposit as it stands."""
    reader(who)
    return read(request, who, lambda tx: passbook.deposit(tx, deposit_id))


@router.get("/deposits/{deposit_id}/worth", responses=got(Worth), response_model=None, tags=["savings"])
def get_worth(request: Request, deposit_id: DepositId, who: Who, on: Day = None) -> JSONResponse:
    """What a deposit has earned by a day, past or future (default: today), exactly, and what closing it then pays."""
    reader(who)
    return read(request, who, lambda tx: passbook.worth(tx, deposit_id, on))


@router.get(
    "/deposits/{deposit_id}/interest", responses=got(list[InterestPayment]), response_model=None, tags=["savings"]
)
def get_interest(
    request: Request, deposit_id: DepositId, who: Who, from_on: Day = None, to_on: Day = None
) -> JSONResponse:
    """Every payment of interest in a period and how it was reached."""
    reader(who)
    return read(request, who, lambda tx: passbook.interest(tx, deposit_id, from_on, to_on))


@router.get("/deposits/{deposit_id}/statement", responses=got(DepositStatement), response_model=None, tags=["savings"])
def get_deposit_statement(
    request: Request, deposit_id: DepositId, who: Who, from_on: Day = None, to_on: Day = None
) -> JSONResponse:
    """The passbook: every event in a period, oldest first, with the balance after each."""
    reader(who)
    return read(request, who, lambda tx: passbook.statement(tx, deposit_id, from_on, to_on))


def _pdf(path: str, kind: str, said: str) -> None:
    def endpoint(request: Request, deposit_id: DepositId, who: Who, from_on: Day = None, to_on: Day = None) -> Response:
        reader(who)
        made = kernel_of(request).read(lambda tx: passbook.printed(tx, deposit_id, kind, from_on, to_on), actor=who)
        return Response(made.pdf, media_type="application/pdf")

    endpoint.__doc__ = said
    router.add_api_route(
        f"/deposits/{{deposit_id}}/{path}.pdf", endpoint, methods=["GET"], responses=PDF, response_model=None,
        response_class=Response, name=f"savings.{kind}", operation_id=f"savings_{kind}_pdf", tags=["savings"],
    )  # fmt: skip


_pdf("statement", STATEMENT, "The passbook of a period as PDF/A, Chinese and English.")
_pdf("certificate", INTEREST_CERTIFICATE, "The interest certificate of a period as PDF/A, Chinese and English.")


@router.get("/deposits/{deposit_id}/pledge-advice", responses=got(Advice), response_model=None, tags=["savings"])
def get_pledge_advice(
    request: Request,
    deposit_id: DepositId,
    who: Who,
    needed: Amount,
    until: Annotated[date, Query(description="When the money is there again.")],
    annual_rate: Annotated[str, Query(max_length=20, description='Of the pledge loan: "4.35%" or "0.0435".')],
    loan_to_value: Annotated[Decimal, Query(gt=0, le=1)] = Decimal("0.9"),
) -> JSONResponse:
    """Money is needed before maturity: pledge the deposit for a loan or break it, whichever costs less."""
    reader(who)
    wanted, offer = Money.parse(needed, HOME_CURRENCY), PledgeOffer(rate(annual_rate), loan_to_value=loan_to_value)
    return read(request, who, lambda tx: passbook.pledge_advice(tx, deposit_id, wanted, until, offer))
