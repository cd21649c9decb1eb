"""Own what the visitor of a town and its first shop do: codes and tills, cash at the shop, a mandate, a standing payment, a red
packet, requests. A town of any size has one such street, in its last weeks; a town without a shop has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import AskCash, Commission, GiveCash, MoveFloat, OpenAgent, TakeCash
from farthing.payments.agents.service import open_agent
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import AnnounceDebit, ProposeMandate, SignMandate
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import (
    AddTill,
    ChargeByCode,
    CodePaid,
    Fee,
    MakeCode,
    OpenMerchant,
    PayByCode,
    RefundPayment,
    SetCashier,
    ShowPayerCode,
)
from farthing.payments.packets import service as packets
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import Grab, SendPacket
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as splitting
from farthing.payments.requests.model import AskToPay, BillShare, PayRequest, SplitBill
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MakeStanding
from farthing.town.growing.city import KEEPER, City, yuan
from farthing.town.growing.hands import Command
from farthing.town.life.residents import dice_of

VISITOR, FRIEND, NEIGHBOUR, HELP = 0, 1, 2, 4
"""Whom a visitor is signed in as, two who live beside, and who takes money for the shop."""
LAST_DAYS = 40
"""How long before the town's last day the shop opens, in a town that lives so long."""
OPENS, LAYS_OUT, NOTICE, DRAWN_ON, LAST = 0, 24, 5, 20, 5
"""Days after the opening: of the standing payment and the mandate; of the red packet; from notice to debit; days between debits;
days before the end on which what is still open is asked for."""
BUYERS, LEAST, MOST = 2, 600, 4_800
FLOAT, CASH, MILK, SUPPORT, PACKET, PARTS = 60_000, 20_000, 3_900, 20_000, 8_800, 5


@dataclass
class Street:
    """The street as it stands: the shop, its tills with the code of each, its mandate, and who looked whom up."""

    city: City
    opens_on: date
    last_on: date
    shop: str = ""
    tills: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    agent: str = ""
    mandate: str = ""

    def live(self, on: date) -> None:
        """A day of the street, after all others have had theirs."""
        if on < self.opens_on or KEEPER not in self.city.party:
            return
        if on == self.opens_on:
            self._open()
            self._arrange(on)
        if not self.tills:
            return
        day = (on - self.opens_on).days
        self._buy(on)
        if self.mandate and day % DRAWN_ON == 1:
            self._alone(debits.announce, KEEPER, AnnounceDebit(
                self._id(KEEPER), self.mandate, yuan(MILK), on + timedelta(days=NOTICE), f"鲜奶 {on:%Y-%m-%d}",
            ))  # fmt: skip
        if day == min(LAYS_OUT, (self.last_on - self.opens_on).days // 2):
            self._packet()
        if on == self.last_on - timedelta(days=LAST):
            self._ask()

    def _alone(self, function: Any, who: int, command: object) -> Any | None:
        return self.city.hands.alone(Command(function, command, self.city.actor(who)))

    def _id(self, who: int) -> str:
        return self.city.party[who].id

    def _payee(self, who: int, whom: int) -> str | None:
        """Somebody's own word for somebody, whom a look-up by the phone found."""
        found = self._alone(payees.find_payee, who, FindPayee(self._id(who), self.city.party[whom].phone))
        return None if found is None or found.payee is None else found.payee.id

    def _open(self) -> None:
        """The shop has its contract, two tills with a code each, somebody who helps, and is an agent for cash."""
        kernel, owner = self.city.hands.kernel, self._id(KEEPER)
        terms = OpenMerchant(owner, "Corner Shop", "Shanghai", "5411", Fee("0.0038"), "net", "街角小店")
        self.shop = kernel.run(merchants.open_merchant, terms).id
        made = [
            self._alone(merchants.add_till, KEEPER, AddTill(owner, self.shop, "Old Street", each))
            for each in ("1", "2")
        ]
        self.tills = tuple(each.id for each in made if each is not None)
        coded = [self._alone(merchants.make_code, KEEPER, MakeCode(owner, each)) for each in self.tills]
        self.codes = tuple(each.text for each in coded if each is not None)
        if (helper := self._payee(KEEPER, HELP) if HELP in self.city.party else None) is not None:
            self._alone(merchants.set_cashier, KEEPER, SetCashier(owner, self.shop, helper))
        earns = Commission(yuan(0), "0.002"), Commission(yuan(50), "0.003")
        self.agent = agreed(
            kernel, open_agent, OpenAgent(self.shop, *earns, ceiling=yuan(500_000), low=yuan(20_000))
        )["id"]  # fmt: skip
        if self.city.life.purses.take(KEEPER, FLOAT):
            self._alone(floats.buy_float, KEEPER, MoveFloat(owner, self.agent, yuan(FLOAT)))

    def _arrange(self, on: date) -> None:
        """The visitor signs the shop's mandate for milk, and arranges a monthly payment to the friend."""
        visitor = self._payee(KEEPER, VISITOR)
        if visitor is not None:
            asked = ProposeMandate(
                self._id(KEEPER), visitor, "鲜奶按月配送", yuan(10_000), yuan(20_000), None, self.shop
            )
            proposed = self._alone(debits.propose, KEEPER, asked)
            if proposed is not None:
                signed = SignMandate(self._id(VISITOR), proposed.id, yuan(10_000), yuan(20_000))
                self._alone(debits.sign, VISITOR, signed)
                self.mandate = proposed.id
        friend = self._payee(VISITOR, FRIEND)
        if friend is not None:
            first = on + timedelta(days=3)
            self._alone(
                standing.make, VISITOR,
                MakeStanding(self._id(VISITOR), friend, yuan(SUPPORT), first, "month", "生活费", until=add_months(first, 12)),
            )  # fmt: skip

    def _buy(self, on: date) -> None:
        """Some buy: by the code on the wall, by one made for the sum, by one that the buyer shows; and cash is brought."""
        city, dice = self.city, dice_of(self.city.life.town.seed, f"street {on}")
        near = [each for each in sorted(city.life.there)[:60] if each != KEEPER and each in city.party]
        paid: list[CodePaid] = []
        for number, who in enumerate(dice.sample(near, min(BUYERS, len(near)))):
            minor = dice.randint(LEAST, MOST) // 10 * 10
            if city.life.purses[who] < minor:
                continue
            city.life.purses.take(who, minor)
            done = self._bought(who, number % len(self.tills), yuan(minor), (on.day + number) % 3)
            paid += [] if done is None else [done]
        if paid and on.day % 9 == 0:
            half = yuan(paid[0].amount.minor // 2)
            self._alone(refunds.refund, KEEPER, RefundPayment(self._id(KEEPER), self.shop, paid[0].id, half))
        if on.day % 6 == 1 and near:
            self._cash(dice.choice(near), bringing=on.day % 12 == 1)

    def _bought(self, who: int, till: int, sum_: Money, way: int) -> CodePaid | None:
        if way == 2:
            shown = self._alone(merchants.show_payer_code, who, ShowPayerCode(self._id(who)))
            return None if shown is None else self._charged(till, sum_, shown.text)
        text = self.codes[till]
        if way == 1:
            made = self._alone(merchants.make_code, KEEPER, MakeCode(self._id(KEEPER), self.tills[till], sum_))
            text = made.text if made is not None else text
        paid: CodePaid | None = self._alone(taking.pay, who, PayByCode(self._id(who), text, sum_))
        return paid

    def _charged(self, till: int, sum_: Money, text: str) -> CodePaid | None:
        command = ChargeByCode(self._id(KEEPER), self.tills[till], sum_, text)
        done: CodePaid | None = self._alone(taking.charge, KEEPER, command)
        return done

    def _cash(self, who: int, bringing: bool) -> None:
        """Somebody brings cash to the shop, or has some out of the wallet by a code."""
        keeper, known = self._id(KEEPER), self._payee(KEEPER, who)
        if known is None:
            return
        if bringing:
            done = self._alone(serving.cash_in, KEEPER, TakeCash(keeper, self.agent, known, yuan(CASH)))
            if done is not None:
                self.city.life.purses.bring(who, CASH)
        elif self.city.life.purses[who] >= CASH:
            code = self._alone(serving.ask_cash, who, AskCash(self._id(who), yuan(CASH)))
            if code is not None:
                self.city.life.purses.take(who, CASH)
                self._alone(
                    serving.cash_out, KEEPER, GiveCash(keeper, self.agent, known, yuan(CASH), code.text)
                )  # fmt: skip

    def _packet(self) -> None:
        """The visitor lays out a lucky packet; all parts but one are taken, and the rest comes back."""
        if self.city.life.purses.take(VISITOR, PACKET) < PACKET:
            return
        command = SendPacket(self._id(VISITOR), "lucky", yuan(PACKET), PARTS, "恭喜发财")
        packet = self._alone(packets.send, VISITOR, command)
        if packet is None:
            return
        takers = [each for each in sorted(self.city.life.there) if each != VISITOR and each in self.city.party]
        for who in takers[: PARTS - 1]:
            got = self._alone(grab, who, Grab(packet.id, self._id(who)))
            if got is not None:
                self.city.life.purses.bring(who, got.amount.minor)

    def _ask(self) -> None:
        """The neighbour asks the visitor for a lunch, and the visitor divides a bill, of which one part is paid."""
        visitor = self._payee(NEIGHBOUR, VISITOR)
        if visitor is not None:
            asked = AskToPay(self._id(NEIGHBOUR), visitor, yuan(3_650), "周三午饭", days=30)
            self._alone(requests.ask, NEIGHBOUR, asked)
        people = [self._payee(VISITOR, each) for each in (FRIEND, NEIGHBOUR)]
        shares = tuple(BillShare(each) for each in people if each is not None)
        split = self._alone(
            splitting.split, VISITOR, SplitBill(self._id(VISITOR), yuan(15_600), shares, "聚餐", days=30)
        )  # fmt: skip
        if split is not None:
            self._alone(requests.pay, FRIEND, PayRequest(self._id(FRIEND), split.people[0].id))


def street_of(city: City, opened_on: date, last: date) -> Street:
    """The street of a town that lives to a day."""
    return Street(city, max(opened_on, last - timedelta(days=LAST_DAYS)), last)
