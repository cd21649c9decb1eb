"""Own the city in the bank: who became which party, and how a day's wishes about money become operations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from farthing.bank.founding import BABY, agreed
from farthing.credit.model import ImportBill
from farthing.db.tx import Tx
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.payments.wallets import wallet_path
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, OpenDeposit
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import DeclareAsset, RedeemNow, Subscribe
from farthing.savings.sweeps import service as sweeps
from farthing.savings.sweeps.model import SetSweep
from farthing.town import people
from farthing.town.enrolling import come_in
from farthing.town.founding import credit_code
from farthing.town.growing.hands import Command, Hands, customer
from farthing.town.life.days import Life
from farthing.town.life.residents import Resident, is_shop_loan
from farthing.town.life.wishes import Draw, Pay, Rail, Save, Units

CODES, SHOP_CODES = range(101, 399, 2), range(601, 699, 2)
"""Order codes of resident numbers, by which the sandbox bureau knows a person: no record, or two lines used up."""
LENT_PERCENT, ASSET_RATE = 60, "0.0260"
KEEPER = 3
"""Who keeps the first shop."""


YUAN = "CNY"
"""What the town pays in: its wages, products and law are of one country."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A year's bill that somebody will hand in, and what was read of it beside the bank's other work."""

    command: ImportBill
    read: tuple[Any, ...]


def yuan(minor: int) -> Money:
    """Fen as money."""
    return Money(minor, YUAN)


@dataclass
class City:
    """Who is who, and what they hold that a later wish needs."""

    hands: Hands
    life: Life
    party: dict[int, Party] = field(default_factory=dict)
    deposits: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    loans: dict[int, str] = field(default_factory=dict)
    bills: dict[int, Future[Bill]] = field(default_factory=dict)

    def actor(self, place: int) -> Actor:
        """Whoever lives at a place, as the door lets it in."""
        return customer(self.party[place].id)

    def found(self) -> None:
        """The organisations open their wallets; who is let in by a door enrols with a phone: the first resident and the first
        shopkeeper, who are both there on the first day."""
        town = self.life.town
        asked = []
        for number, name in enumerate(town.organisations):
            code = credit_code(f"91310{town.seed % 1000:03d}MA{number:07d}"[:17])
            asked.append(Command(parties.register_organisation, RegisterOrganisation(name, code, "021-60000000")))
        told = self.hands.row(asked)
        self.party.update({town.place(number): known for number, known in enumerate(told) if known is not None})
        for each in town.residents[: KEEPER + 1 : KEEPER]:
            self.party[each.number] = come_in(self.hands.kernel, registration(town.seed, each)).party
        self._let_in(list(self.party))

    def come(self, numbers: Sequence[int]) -> None:
        """People register, open their wallets and have their identity confirmed."""
        town = self.life.town
        told = self.hands.row(
            [Command(parties.register, registration(town.seed, town.residents[number])) for number in numbers]
        )
        self.party.update({number: known for number, known in zip(numbers, told, strict=True) if known is not None})
        self._let_in(numbers)

    def _let_in(self, places: Sequence[int]) -> None:
        """Wallets are opened, and names, numbers and phones confirmed: of whom nobody confirms, little may go out a day."""
        known = [(self.party[place], self.actor(place)) for place in places]
        self.hands.row([Command(payments.open_wallet, OpenWallet(each.id), actor) for each, actor in known])
        self.hands.row([Command(parties.verify_identity, VerifyIdentity(each.id), actor) for each, actor in known])

    def rails(self, wishes: Sequence[Rail]) -> None:
        """Money comes in and goes out over the sandbox rail."""
        self.hands.row([
            Command(
                payments.top_up if wish.way == "in" else payments.pay_out,
                MoveByRail(self.party[wish.place].id, yuan(wish.minor), f"62220210{wish.place:08d}234"),
                self.actor(wish.place),
            )
            for wish in wishes
        ])  # fmt: skip

    def pays(self, wishes: Sequence[Pay]) -> None:
        """Everybody's payments of a day, as a lane runs them."""
        self.hands.batch([
            Command(
                payments.transfer,
                Transfer(self.party[wish.payer].id, self.party[wish.payee].id, yuan(wish.minor), wish.memo),
                self.actor(wish.payer),
            )
            for wish in wishes
        ])  # fmt: skip

    def saves(self, wishes: Sequence[Save]) -> None:
        """Deposits are opened; who sweeps lets small change follow into the demand deposit."""
        opened = self.hands.row([
            Command(
                deposits.open_deposit,
                OpenDeposit(
                    self.party[wish.who].id, wish.product, yuan(wish.minor), wish.term, wish.renewal, collect=wish.collect
                ),
                self.actor(wish.who),
            )
            for wish in wishes
        ])  # fmt: skip
        rules = []
        for wish, done in zip(wishes, opened, strict=True):
            if done is not None and wish.sweep:
                rule = SetSweep(self.party[wish.who].id, "round_up", yuan(1_000), done.deposit.id)
                rules.append(Command(sweeps.set_sweep, rule, self.actor(wish.who)))
            elif done is not None and not wish.collect:
                self.deposits[wish.who].append(done.deposit.id)
        self.hands.row(rules)

    def draws(self, wishes: Sequence[Draw]) -> None:
        """Deposits are closed before their time, for there is need."""
        asked = [
            Command(deposits.close, CloseDeposit(self.deposits[wish.who].pop(0)), self.actor(wish.who))
            for wish in wishes
            if self.deposits[wish.who]
        ]
        self.hands.row(asked)

    def units(self, wishes: Sequence[Units]) -> None:
        """Units of the fund are bought, or redeemed at once."""
        self.hands.row([
            Command(pool.subscribe, Subscribe(BABY, self.party[wish.who].id, yuan(wish.minor)), self.actor(wish.who))
            if wish.way == "buy"
            else Command(pool.redeem_now, RedeemNow(BABY, self.party[wish.who].id, yuan(wish.minor)), self.actor(wish.who))
            for wish in wishes
        ])  # fmt: skip

    def lend_the_funds(self) -> None:
        """The fund lends a part of its free money at a wholesale rate for two years; two persons want it."""
        kernel = self.hands.kernel
        on = kernel.clock().business_date
        free = kernel.read(_free)
        lent = free.minor * LENT_PERCENT // 100 // 100_000 * 100_000
        if lent:
            until = add_months(on, 24) + timedelta(days=7)
            name = f"interbank deposit 同业存款 {on:%Y-%m}"
            agreed(
                kernel,
                assets.declare_asset,
                DeclareAsset(BABY, name, yuan(lent), Decimal(ASSET_RATE), "actual/365", until),
            )

    def look_again(self) -> None:
        """People look at their wallets: what the bank did by itself (interest, sweeps, instalments) is known from then."""
        paths = {wallet_path(known.id, YUAN, YUAN): place for place, known in self.party.items()}
        found = self.hands.kernel.read(lambda tx: ledger.balances_of(tx, sorted(paths)))
        self.life.purses.know((paths[path], balance.available().minor) for path, balance in sorted(found.items()))


def _free(tx: Tx) -> Money:
    fund = funds.fund(tx, BABY)
    return assets.balances(tx, fund, funds.paths_of(tx, fund)).free


def registration(seed: int, each: Resident) -> Register:
    """What somebody says at the register."""
    codes = SHOP_CODES if is_shop_loan(each.number) else CODES
    number = people.numbered_resident(seed, each.number, each.born_on, codes)
    return Register(each.name, number, people.phone(str(each.number), f"town {seed}"))
