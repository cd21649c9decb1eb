"""Own the few loans of a town: from a bill in a wallet's own format to the money, and what is paid back late."""

from __future__ import annotations

import base64
from concurrent.futures import Executor
from datetime import date, timedelta

from farthing.credit import service as credit
from farthing.credit.bills.sample import graduate_bill, shopkeeper_bill
from farthing.credit.model import ImportBill
from farthing.funding import service as funding
from farthing.funding.model import AskFunders
from farthing.kernel.operation import operation_of
from farthing.kit.calendar import add_months
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Application, Apply, Loan, LoanCommand, Repay
from farthing.town.growing.city import Bill, City, yuan
from farthing.town.growing.hands import Command
from farthing.town.life.residents import dice_of, is_shop_loan
from farthing.town.life.wishes import Borrow, PayArrears

BILL_MONTHS = 12


def borrow(city: City, wish: Borrow, on: date) -> None:
    """Apply with a bill, and take what is offered; a no of the bank is an answer like another."""
    hands, actor = city.hands, city.actor(wish.who)
    bring_bill(city, wish.who, on)
    asked = Apply(city.party[wish.who].id, wish.product, yuan(wish.minor), wish.instalments, wish.purpose)
    application: Application | None = hands.alone(Command(lending.apply, asked, actor))
    if application is None or application.offer is None:
        hands.refused["a decision against the applicant"] += application is not None
        return
    offer = application.offer
    accepted = hands.alone(Command(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost), actor))
    loan = None if accepted is None else complete(city, wish.who, accepted)
    if loan is not None:
        city.loans[wish.who] = loan.id
        city.life.lent(
            wish.who,
            loan.principal.minor,
            [(due.due_on, (due.principal + due.interest).minor) for due in loan.instalments],
        )


def expect(city: City, on: date, reader: Executor) -> None:
    """Have the bills of who will borrow on a day written and read meanwhile, on the other processor."""
    for who in city.life.borrowers(on):
        if who in city.party:
            city.bills[who] = reader.submit(_read, city, who, on)


def _read(city: City, who: int, on: date) -> Bill:
    command = bill_of(city, who, on)
    return Bill(command, operation_of(credit.import_bill).prepared(command))


def bring_bill(city: City, who: int, on: date) -> None:
    """Hand in a year's bill, which was read before unless its borrower came to town today."""
    bill = city.bills.pop(who).result() if who in city.bills else _read(city, who, on)
    city.hands.alone(Command(credit.import_bill, bill.command, city.actor(who)), lambda: bill.read)


def bill_of(city: City, who: int, on: date) -> ImportBill:
    """A year of payments up to the day before, as the wallet exports it, with the wallet's seal."""
    town, known = city.life.town, city.party[who]
    write = shopkeeper_bill if is_shop_loan(who) else graduate_bill
    content = write(dice_of(town.seed, f"bill {who}"), on - timedelta(days=1), known.name, months=BILL_MONTHS)
    seal = city.hands.kernel.ports.peer("channel", "sandbox").seal(content, known.number)
    return ImportBill(
        known.id, "bill.csv", base64.b64encode(content).decode(), seal=seal, consents_until=add_months(on, 1)
    )


def complete(city: City, who: int, accepted: Loan) -> Loan | None:
    """Ask the funders, draw and sign the contract, seal it, and have the money."""
    hands, actor = city.hands, city.actor(who)
    hands.alone(Command(funding.ask, AskFunders(accepted.id), actor))
    hands.alone(Command(contracts.draw_contract, LoanCommand(accepted.id), actor))
    shown = hands.kernel.read(lambda tx: contracts.view(tx, accepted.id))
    hands.alone(Command(contracts.sign_contract, SignContract(accepted.id, shown.document_digest), actor))
    paid: Loan | None = hands.alone(Command(contracts.complete, LoanCommand(accepted.id), actor))
    return paid


def pay_arrears(city: City, wish: PayArrears) -> None:
    """Pay what is overdue, with its penalty, as far as the wallet goes."""
    loan_id = city.loans[wish.who]
    due, _, _ = city.hands.kernel.read(lambda tx: lending.owed(tx, loan_id))
    paid = city.life.purses.take(wish.who, due.minor)
    if paid:
        city.hands.alone(Command(lending.repay, Repay(loan_id, yuan(paid)), city.actor(wish.who)))
