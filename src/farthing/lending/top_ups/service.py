"""Run asking for more on a running loan: what it would come to, and the application for it."""

from __future__ import annotations

from farthing.credit import service as credit
from farthing.credit.model import RequestDecision
from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Code, Id, Instalments
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending import keeping_service as keeping
from farthing.lending import life, rules
from farthing.lending import service as lending
from farthing.lending.acts.rules import figures
from farthing.lending.history_service import BOOKS
from farthing.lending.model import Apply, Settlement
from farthing.lending.offering.plan import plan_of, quote
from farthing.lending.pinned import kept_back_of, origination_fee
from farthing.lending.top_ups import replaced_service as replaced
from farthing.lending.top_ups.model import TopUp, TopUpQuote
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.model import LoanTerms
from farthing.products.policy import check_annual_cost, check_borrower, check_early_repayment


def _may(tx: Tx, command: TopUp) -> tuple[LoanTerms, Settlement]:
    """The terms that a running loan's product has today, and what pays the loan off, if more may be asked for."""
    running = lending.loan(tx, command.loan_id)
    terms = products.loan_terms(tx, running.conditions.product)
    asked = Apply(running.party_id, terms.product, command.amount, command.instalments, command.purpose)
    settlement = replaced.check(tx, running.id, terms, command.amount)
    rules.check_application(terms, asked)
    party = parties.party(tx, running.party_id)
    check_borrower(products.policy_in_force(tx), party)
    rules.check_eligible(terms, party, tx.business_date)
    return terms, settlement


@operation(
    "lending.top_up", title=Words("Ask for more on a loan", "追加借款"), permission="lending:apply",
    whose=of("loan_id", lending.loan_owner), conclude=lending.applied,
)  # fmt: skip
def top_up(tx: Tx, command: TopUp) -> Asked:
    """Ask for a larger loan that pays a running one off: decided on at once, and offered if the answer is yes.

    The running loan does not count beside it. The offer is accepted and its contract drawn, signed and completed like any other.

    Refuses ``lending.unknown_loan``, ``lending.not_yours``, ``lending.wrong_state``, ``lending.top_up_late``,
    ``lending.top_up_troubled``, ``lending.top_up_not_offered``, ``lending.top_up_other_currency``, ``lending.top_up_too_soon``,
    ``lending.top_up_too_little``, and as :func:`farthing.lending.service.apply`.
    """
    terms, _ = _may(tx, command)
    loan = lending.loan(tx, command.loan_id)
    request = RequestDecision(loan.party_id, terms.product, command.amount, command.instalments)
    about = {"purpose": command.purpose}
    return credit.ask_bureau(tx, request, lending.offer_by_report, about, loan.id, BOOKS)


@question("lending.top_up_quote", permission="lending:read", whose=of("loan_id", lending.loan_owner))
def top_up_quote(tx: Tx, loan_id: Id, amount: Code, instalments: Instalments) -> TopUpQuote:
    """What asking for more would come to today: what is paid off, what reaches the borrower, and what it costs.

    ``amount``: all that would be lent, such as 9000 or 9000.50. Nothing is decided. Refuses as :func:`top_up`, and ``money.*``.
    """
    asked = Money.parse(amount, lending.loan(tx, loan_id).principal.currency)
    terms, settlement = _may(tx, TopUp(loan_id, asked, instalments, "-"))
    found, on, policy = keeping.life_of(tx, loan_id), tx.business_date, products.policy_in_force(tx)
    fee = origination_fee(terms.fees.origination, asked)
    made = quote(terms.method, plan_of(terms, asked, fee, instalments, on, holidays(tx)))
    check_annual_cost(policy, made.annual_percentage_rate)
    check_early_repayment(policy, terms.fees.early_repayment)
    state = life.stands(found, on)
    now = life.view(found, state, on)
    paid = sum(each.paid[part] for each in state.instalments for part in ("interest", "fee", "penalty"))
    kept = figures(found, state, on).cost - Money(paid, found.currency)
    cost = made.total_interest + made.total_fees
    reaches = asked - settlement.amount - kept_back_of(terms, asked)
    next_now = next((each.left for each in now.instalments if each.left), asked * 0)
    return TopUpQuote(
        loan_id, terms.product, on, asked, instalments, settlement, reaches, fee, made.instalments,
        made.total_interest, cost, made.annual_percentage_rate, next_now, kept,
        cost + settlement.interest + settlement.fee + settlement.penalty,
    )  # fmt: skip
