"""Answer what is expected of a loan before it is listed: to its borrower, and to whoever would lend."""

from __future__ import annotations

from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.funding.valuing import curve
from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.valuation import LoanValuation, valued
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Id
from farthing.lending import service as lending


@question("market.curve", permission=PUBLIC, whose=NOBODYS)
def published_curve(tx: Tx) -> Curve:
    """The rates by grade that the marketplace publishes, and what is expected of each."""
    return curve.shipped()


@question("market.valuation", permission="lending:read", whose=of("offer_id", lending.offer_owner))
def valuation(tx: Tx, offer_id: Id) -> LoanValuation:
    """What is expected of the loan of an offer, by its credit decision, its own schedule and the published curve.

    Refuses ``lending.unknown_offer`` and ``market.too_risky``.
    """
    offer = lending.offer(tx, offer_id)
    default = credit.decision(tx, offer.decision_id).probability_of_default
    return valued(curve.shipped(), default, offer.conditions.annual, offer.schedule, offer.made_on)
