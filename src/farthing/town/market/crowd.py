"""Own the crowd in the bank: how lenders and borrowers of a plan reach it, in rows, through the operations that everyone uses."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from farthing.credit import service as credit
from farthing.credit.model import ImportBill
from farthing.funding import service as funding
from farthing.funding.market import knowledge
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.lenders_model import AcknowledgeWarning, Answer, SimulateLoss, TakeTest
from farthing.funding.market.mandates_model import MakeMandate, Terms
from farthing.funding.model import AskFunders
from farthing.kit.calendar import add_months
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import AcceptOffer, Application, Apply, Loan, LoanCommand
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.town import people
from farthing.town.founding import credit_code
from farthing.town.growing.city import yuan
from farthing.town.growing.hands import Command, Hands, customer
from farthing.town.market.bills import year_bill
from farthing.town.market.plan import Borrower, Lender, Plan, dice_of

PRODUCT = "street-loan"
CODES, LENDER_CODES = range(101, 399, 2), range(102, 400, 2)
WORTH, SIMULATED = 30_000_000, 100
"""What a lender says that he has (fen), and over how many loans he looks at a loss."""
OVER = 4
"""A mandate lets so many times be lent what its lender brings to begin with: what comes back is lent again."""


@dataclass
class Crowd:
    """Who is who in the bank, and whose loan is which."""

    hands: Hands
    plan: Plan
    lenders: dict[int, Party] = field(default_factory=dict)
    mandates: dict[int, str] = field(default_factory=dict)
    borrowers: dict[int, Party] = field(default_factory=dict)
    loans: dict[int, Loan] = field(default_factory=dict)
    shop: Party | None = None

    def _come(self, whom: Sequence[Any], codes: range) -> list[Party]:
        """People register, open their wallets and have their identity confirmed."""
        told = self.hands.row([
            Command(parties.register, Register(
                each.name, number_of(self.plan, each, codes),
                people.phone(f"{each.number} {codes.start}", f"market {self.plan.seed}"),
            ))
            for each in whom
        ])  # fmt: skip
        known = [each for each in told if each is not None]
        self.hands.row([Command(payments.open_wallet, OpenWallet(each.id), customer(each.id)) for each in known])
        self.hands.row([
            Command(parties.verify_identity, VerifyIdentity(each.id), customer(each.id)) for each in known
        ])  # fmt: skip
        return known

    def open_shop(self) -> None:
        """The shop where borrowers spend what they borrowed."""
        code = credit_code(f"91310{self.plan.seed % 1000:03d}MB0000001"[:17])
        (self.shop,) = self.hands.row([
            Command(parties.register_organisation, RegisterOrganisation("街口百货", code, "021-60000000"))
        ])  # fmt: skip
        assert self.shop is not None
        self.hands.row([Command(payments.open_wallet, OpenWallet(self.shop.id), customer(self.shop.id))])

    def let_lend(self, some: Sequence[Lender]) -> None:
        """Lenders come, bring money, pass the test, look at a loss, take note of the warning, and give a mandate."""
        known = list(zip(some, self._come(some, LENDER_CODES), strict=True))
        self.lenders.update({each.number: party for each, party in known})
        asked = knowledge.shipped()
        right = tuple(Answer(one.id, asked.key[one.id][0]) for one in asked.questions)
        row = self.hands.row
        row([
            Command(payments.top_up, MoveByRail(party.id, yuan(each.brings), f"62220211{each.number:08d}234"), customer(party.id))
            for each, party in known
        ])  # fmt: skip
        row([Command(lenders.take_test, TakeTest(party.id, right), customer(party.id)) for _, party in known])
        row([Command(lenders.simulate_loss, _simulated(each, party), customer(party.id)) for each, party in known])
        row([
            Command(lenders.acknowledge_warning, AcknowledgeWarning(party.id), customer(party.id)) for _, party in known
        ])  # fmt: skip
        given = row([
            Command(mandates.make_mandate, MakeMandate(party.id, _terms(each)), customer(party.id)) for each, party in known
        ])  # fmt: skip
        self.mandates.update({each.number: made.id for (each, _), made in zip(known, given, strict=True) if made})

    def seek(self, some: Sequence[Borrower], on: date, most: int) -> None:
        """Borrowers come with a year's bill, apply and take what they are offered, ``most`` of them; loans seek funders."""
        known = list(zip(some, self._come(some, CODES), strict=True))
        self.borrowers.update({each.number: party for each, party in known})
        row = self.hands.row
        for each, party in known:
            self.hands.alone(Command(credit.import_bill, self._bill(each, party, on), customer(party.id)))
        decided: list[Application | None] = row([
            Command(lending.apply, Apply(party.id, PRODUCT, yuan(each.minor), each.instalments, "购物"), customer(party.id))
            for each, party in known
        ])  # fmt: skip
        offered = [
            (each, party, answer.offer)
            for (each, party), answer in zip(known, decided, strict=True)
            if answer is not None and answer.offer is not None
        ][:most]
        taken: list[Loan | None] = row([
            Command(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost), customer(party.id))
            for _, party, offer in offered
        ])  # fmt: skip
        accepted = {each.number: loan for (each, _, _), loan in zip(offered, taken, strict=True) if loan is not None}
        row([Command(funding.ask, AskFunders(loan.id), self._of(number)) for number, loan in accepted.items()])
        self.loans.update(accepted)

    def _bill(self, each: Borrower, party: Party, on: date) -> ImportBill:
        content = year_bill(dice_of(self.plan.seed, f"bill {each.number}"), on - timedelta(days=1), each.name)
        seal = self.hands.kernel.ports.peer("channel", "sandbox").seal(content, party.number)
        return ImportBill(
            party.id, "bill.csv", base64.b64encode(content).decode(), seal=seal, consents_until=add_months(on, 1)
        )

    def take_out(self, numbers: Sequence[int]) -> None:
        """Contracts of funded loans are drawn, signed, sealed; the money is paid out and spent in the shop."""
        row, kernel = self.hands.row, self.hands.kernel
        ids = {number: self.loans[number].id for number in numbers}
        row([Command(contracts.draw_contract, LoanCommand(each), self._of(number)) for number, each in ids.items()])
        shown = kernel.read(
            lambda tx: {number: contracts.view(tx, each).document_digest for number, each in ids.items()}
        )
        row([
            Command(contracts.sign_contract, SignContract(each, shown[number]), self._of(number))
            for number, each in ids.items()
        ])  # fmt: skip
        paid = row([Command(contracts.complete, LoanCommand(each), self._of(number)) for number, each in ids.items()])
        done = {number: loan for number, loan in zip(ids, paid, strict=True) if loan is not None}
        self.loans.update(done)
        assert self.shop is not None
        self.hands.batch([
            Command(payments.transfer, Transfer(loan.party_id, self.shop.id, loan.principal, "购物"), self._of(number))
            for number, loan in done.items()
        ])  # fmt: skip

    def bring(self, wanted: Sequence[tuple[int, int]]) -> None:
        """Borrowers bring what falls due next (number, fen) to their wallets; the close of the day collects it."""
        self.hands.row([
            Command(
                payments.top_up, MoveByRail(self.borrowers[number].id, yuan(minor), f"62220212{number:08d}234"), self._of(number)
            )
            for number, minor in wanted
        ])  # fmt: skip

    def _of(self, number: int) -> Any:
        return customer(self.borrowers[number].id)


def number_of(found: Plan, each: Lender | Borrower, codes: range = LENDER_CODES) -> str:
    """The resident identity number of somebody of a plan."""
    return people.numbered_resident(found.seed, each.number, each.born_on, codes)


def _simulated(each: Lender, party: Party) -> SimulateLoss:
    return SimulateLoss(party.id, yuan(each.brings), SIMULATED, "B", yuan(0), yuan(WORTH), yuan(0))


def _terms(each: Lender) -> Terms:
    limit = yuan(each.per_loan)
    return Terms(
        yuan(each.brings * OVER), limit, limit, grades=each.grades, annual=Decimal("0.04"), months_min=1, months_max=24,
        late_days=30,
    )  # fmt: skip
