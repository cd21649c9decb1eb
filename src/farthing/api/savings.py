"""Own the routes of savings: deposits at the customer's own hand or over a counter, what they are worth, their papers.

Every command can be tried with ``?dry_run=true``: the same decision and the same refusals, answered 200, nothing kept
and no key needed. Never decides anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse

from farthing.api.ground import Day, Id, Who, answer, get, got, kernel_of, post, router_of
from farthing.db.tx import Tx
from farthing.kernel import calendar
from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.products.reading import rate
from farthing.savings.deposits import earnings_service as earnings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import roll_service as deposit_roll
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.earnings_service import Gives
from farthing.savings.deposits.model import Done
from farthing.savings.deposits.papers import INTEREST_CERTIFICATE, STATEMENT
from farthing.savings.passbooks import service as paper
from farthing.savings.quotes.advice import Advice, PledgeOffer
from farthing.savings.quotes.compare import Comparison
from farthing.savings.quotes.promised import Promised
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import BoardView, Offered

router = router_of("/v1/savings")

ONE_DAY = malformed(
    "api.one_day",
    "Say either after how many days, or on which day the money is needed: days=90 or on=2026-12-31.",
    "请指明多少天后或哪一天用款：days=90 或 on=2026-12-31，二者选一。",
)

Amount = Annotated[str, Query(max_length=40, description="Yuan, such as 1000 or 1000.50.")]

Length = Annotated[str | None, Query(max_length=40, description="A length of time, such as 7d, 3m or 1y.")]


def _tried(_: Tx, done: Done) -> Done:
    """What a command did, marked as what it would do."""
    return replace(done, dry_run=True)


post(router, "/deposits", deposits.open_deposit, money=True, shown=_tried)
post(router, "/pay-ins", deposits.pay_in, money=True, shown=_tried)
post(router, "/withdrawals", deposits.withdraw, money=True, shown=_tried)
post(router, "/closings", deposits.close, money=True, shown=_tried)
post(router, "/notices", deposits.notify, money=True, shown=_tried)
post(router, "/notices/cancellations", deposits.cancel_notice, money=True, shown=_tried)
post(router, "/renewals", deposits.renew, money=True, shown=_tried)
post(router, "/passbook-prints", paper.print_passbook)
post(router, "/products", catalogue.publish, tried=Offered, shown=lambda tx, done: catalogue.offer_of(tx, done.product))
post(
    router,
    "/rates",
    catalogue.publish_rates,
    tried=BoardView,
    shown=lambda tx, done: catalogue.board_view(tx, done.board),
)
post(router, "/holidays", calendar.declare_holidays)


get(router, "/products", catalogue.on_offer)
get(router, "/products/{product}", catalogue.offer_of)
get(router, "/not-allowed", catalogue.not_allowed)
get(router, "/rates", catalogue.board_view, "board=name")
get(router, "/holidays", calendar.declared_holidays)
get(router, "/parties/{party_id}/deposits", passbook.deposits)
get(router, "/parties/{party_id}/earned", earnings.earned)
get(router, "/parties/{party_id}/cover", passbook.cover)
get(router, "/deposits", deposit_roll.roll, "product", "state", "matures_by", "after", "limit")
get(router, "/maturities", deposit_roll.maturing)
get(router, "/deposits/{deposit_id}", passbook.deposit)
get(router, "/deposits/{deposit_id}/worth", passbook.worth, "on")
get(router, "/deposits/{deposit_id}/course", earnings.course)
get(router, "/deposits/{deposit_id}/interest", passbook.interest, "from_on", "to_on")
get(router, "/deposits/{deposit_id}/passbook", paper.passbook)
get(router, "/deposits/{deposit_id}/statement", passbook.statement, "from_on", "to_on")
get(
    router,
    "/deposits/{deposit_id}/statement.pdf",
    passbook.printed,
    "from_on",
    "to_on",
    pdf=attrgetter("pdf"),
    kind=STATEMENT,
)
get(
    router, "/deposits/{deposit_id}/certificate.pdf", passbook.printed, "from_on", "to_on", pdf=attrgetter("pdf"),
    kind=INTEREST_CERTIFICATE,
)  # fmt: skip


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
    kernel = kernel_of(request)
    saved = Money.parse(amount, kernel.home)
    if party_id is None:
        return answer(kernel.ask(passbook.comparison, saved, on, days or 0, actor=who))
    return answer(kernel.ask(passbook.comparison_for, party_id, saved, on, days or 0, actor=who))


@router.get("/products/{product}/gains", responses=got(Gives), response_model=None, tags=["savings"])
def get_product_gains(request: Request, who: Who, product: Id, amount: Amount) -> JSONResponse:
    """What an amount gives in a product by each agreement that it offers, and what drawing it early would cost."""
    kernel = kernel_of(request)
    return answer(kernel.ask(earnings.gives, product, Money.parse(amount, kernel.home), actor=who))


@router.get("/products/{product}/expected-interest", responses=got(Promised), response_model=None, tags=["savings"])
def get_expected_interest(
    request: Request,
    who: Who,
    product: Id,
    amount: Amount,
    term: Length = None,
    every: Length = None,
    notice: Length = None,
) -> JSONResponse:
    """What one agreement gives if it is opened today with an amount and kept to its end."""
    kernel = kernel_of(request)
    saved = Money.parse(amount, kernel.home)
    return answer(kernel.ask(earnings.expected, product, saved, term, every, notice, actor=who))


@router.get("/deposits/{deposit_id}/pledge-advice", responses=got(Advice), response_model=None, tags=["savings"])
def get_pledge_advice(
    request: Request,
    deposit_id: Id,
    who: Who,
    needed: Amount,
    until: Annotated[date, Query(description="When the money is there again.")],
    annual_rate: Annotated[str, Query(max_length=20, description='Of the pledge loan: "4.35%" or "0.0435".')],
    loan_to_value: Annotated[Decimal, Query(gt=0, le=1)] = Decimal("0.9"),
) -> JSONResponse:
    """Money is needed before maturity: pledge the deposit for a loan or break it, whichever costs less."""
    kernel = kernel_of(request)
    wanted, offer = Money.parse(needed, kernel.home), PledgeOffer(rate(annual_rate), loan_to_value=loan_to_value)
    return answer(kernel.ask(passbook.pledge_advice, deposit_id, wanted, until, offer, actor=who))
