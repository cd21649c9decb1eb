"""The customer's first page: what she has, what it earned, what falls due next, how it went, and the last movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.identity.recovery import service as recovery
from farthing.kernel.run import Ask
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.model import Loan, Offer
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.activity import service as activity
from farthing.payments.activity.model import DayBalance
from farthing.payments.debits import service as debits
from farthing.payments.disputes import reading_service as disputes
from farthing.payments.reported import service as reported
from farthing.payments.requests import service as requests
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits.model import DepositView
from farthing.savings.fund import service as funds
from farthing.savings.fund.commands import HoldingView
from farthing.web import writing
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import area
from farthing.web.ground import current, kernel_of, page, pages, sign_in_first, view
from farthing.web.seeking import seeking
from farthing.web.speech import gettext as _
from farthing.web.speech import language

router = pages()

DAYS = 90
ASKED = 5
"""So many guarantees, requests and mandates that were asked for last are looked at."""
SOON = timedelta(days=45)
"""How far ahead a deposit's end is told."""


@router.get("/home")
def home(request: Request) -> Response:
    """Balance, earnings, what is due next, and the last movements: one view of the books."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party, today = who.party_id, kernel_of(request).clock().business_date

    def build(ask: Ask) -> dict[str, Any]:
        loans = ask(lending.loans, party)
        return {
            "party": ask(parties.own_party, party), "wallet": ask(payments.wallet, party), "loans": loans,
            "movements": ask(payments.history, party, limit=6).movements, "deposits": ask(passbook.deposits, party),
            "owed": {loan.id: ask(lending.owed, loan.id) for loan in loans if loan.state == "active"},
            "decisions": ask(credit.decisions, party, 3), "offers": open_offers(ask, party, loans, today),
            "holdings": ask(funds.holdings, party), "days": ask(activity.balances, party, DAYS),
            "guaranteed": ask(backing.guaranteed, party, ASKED), "seeking": seeking(ask, loans),
            "asked": ask(requests.listed, party, limit=ASKED), "mandates": ask(debits.mandates, party, limit=ASKED),
            "disputed": ask(disputes.against, party, limit=ASKED),
            "frozen": ask(reported.frozen, party, limit=ASKED), "recoveries": ask(recovery.own_recoveries),
        }  # fmt: skip

    found = view(request, who, build)
    return page(
        request, "customer/home.html", who, **found, chart=drawn(found.pop("days"), today),
        earned=[each for each in found["holdings"] if shown_income(each)],
        income={each.fund: shown_income(each) for each in found["holdings"]},
        ending=ending(found["deposits"], today),
    )  # fmt: skip


def open_offers(ask: Ask, party: str, loans: Sequence[Loan], today: date) -> list[Offer]:
    """The offers that can still be accepted: not taken, and good today."""
    taken = {loan.offer_id for loan in loans}
    return [each for each in ask(lending.offers, party) if each.id not in taken and each.expires_on >= today]


def shown_income(holding: HoldingView) -> Money | None:
    """What the last closed day of a fund brought, whole fen, rounded down; none where there is nothing to show."""
    brought = int(holding.income_yesterday * 100)
    return Money(brought, holding.available.currency) if brought > 0 else None


def ending(deposits: Sequence[DepositView], today: date) -> list[DepositView]:
    """Deposits whose term ends soon, the next first."""
    found = [
        each
        for each in deposits
        if each.closed_on is None and each.matures_on is not None and today <= each.matures_on <= today + SOON
    ]
    return sorted(found, key=lambda each: str(each.matures_on))[:3]


def drawn(days: Sequence[DayBalance], today: date) -> Chart | None:
    """The balance of ninety days as a step line, whose title says the lowest; none before there are two days to compare."""
    known = {each.on: each for each in days}
    start = max(today - timedelta(days=DAYS), min(known, default=today))
    if len(known) < 2 or (today - start).days < 2:
        return None
    spoken, points, last = language(), [], known[min(known)].last
    for number in range((today - start).days + 1):
        on = start + timedelta(days=number)
        value = known[on].lowest if on in known else last
        last = known[on].last if on in known else last
        points.append((on, value))
    lowest_on, lowest = min(points, key=lambda each: (each[1].minor, -each[0].toordinal()))
    title = _("The lowest in %(days)s days was %(amount)s on %(day)s") % {
        "days": len(points) - 1, "amount": writing.money(lowest, spoken).replace(" ", "\u00a0"),
        "day": writing.unbroken(writing.short_day(lowest_on, spoken, today)),
    }  # fmt: skip
    series = Series(
        writing.noted(_("Balance"), writing.unit(lowest.currency, spoken), spoken),
        [Point(writing.short_day(on, spoken, today), _major(value), writing.plain(value)) for on, value in points],
    )
    told = _("Your wallet day by day, each day at its lowest.")
    chart = area(title, told, series, _("Day"), spoken, step=True, marks=(points.index((lowest_on, lowest)),))
    moved = {writing.short_day(on, spoken, today) for on in known}
    return replace(chart, rows=[row for row in chart.rows if row[0] in moved])


def _major(amount: Money) -> Decimal:
    return Decimal(amount.plain())
