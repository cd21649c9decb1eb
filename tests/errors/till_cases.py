"""Refusals of tills: whose drawer it is, what is counted, and what is handed from one to another."""

from __future__ import annotations

from farthing.identity.rules import actor_of
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.tills import cash_service as cash
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import (
    CashIn,
    CloseDrawer,
    CountDrawer,
    HandFromVault,
    HandOver,
    Handover,
    OpenDrawer,
    Pieces,
    SetUpTill,
    TakeBack,
    TakeOver,
    TakeToVault,
)
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.drawers import KEEPER, booked, drawer, filled, pieces
from tests.savings.deposits.saver import found, saver, yuan

OTHER = actor_of("teller:other", "teller", None)


def offered(bank: Bank) -> Handover:
    """Ten yuan that the vault counted out for the till main, whose drawer the bank itself has open."""
    drawer(bank)
    filled(bank, yuan("10.00"))
    waits: Handover = bank.run(handing.hand_from_vault, HandFromVault("main", pieces(yuan("10.00"))), actor=KEEPER)
    return waits


@reproduces("payments.no_drawer")
def no_drawer(bank: Bank) -> None:
    bank.run(tills.count_drawer, CountDrawer())


@reproduces("payments.drawer_open")
def drawer_open(bank: Bank) -> None:
    drawer(bank)
    drawer(bank, till="other")


@reproduces("payments.till_taken")
def till_taken(bank: Bank) -> None:
    drawer(bank)
    bank.run(tills.open_drawer, OpenDrawer("main"), actor=OTHER)


@reproduces("payments.unknown_till")
def unknown_till(bank: Bank) -> None:
    bank.run(tills.open_drawer, OpenDrawer("nowhere"))


@reproduces("payments.bad_till")
def bad_till(bank: Bank) -> None:
    bank.run(tills.set_up_till, SetUpTill("vault"))


@reproduces("payments.drawer_differs")
def drawer_differs(bank: Bank) -> None:
    drawer(bank)
    bank.run(tills.close_drawer, CloseDrawer(pieces(yuan("1.00"))))


@reproduces("payments.no_difference")
def no_difference(bank: Bank) -> None:
    drawer(bank)
    booked(bank, yuan("0.00"), yuan("1.00"))


@reproduces("payments.not_a_note")
def not_a_note(bank: Bank) -> None:
    drawer(bank)
    bank.run(tills.count_drawer, CountDrawer((Pieces(yuan("3.00"), 1),)))


@reproduces("payments.nothing_counted")
def nothing_counted(bank: Bank) -> None:
    drawer(bank)
    bank.run(handing.hand_over, HandOver("vault", ()))


@reproduces("payments.not_in_drawer")
def not_in_drawer(bank: Bank) -> None:
    drawer(bank)
    bank.run(handing.hand_over, HandOver("vault", pieces(yuan("1.00"))))


@reproduces("payments.unknown_handover")
def unknown_handover(bank: Bank) -> None:
    drawer(bank)
    bank.run(handing.take_over, TakeOver("handover_x"))


@reproduces("payments.handover_ended")
def handover_ended(bank: Bank) -> None:
    waits = offered(bank)
    for _ in range(2):
        bank.run(handing.take_back, TakeBack(waits.id), actor=KEEPER)


@reproduces("payments.handover_waits")
def handover_waits(bank: Bank) -> None:
    waits = offered(bank)
    bank.run(handing.take_over, TakeOver(waits.id))
    bank.run(handing.hand_over, HandOver("vault", pieces(yuan("10.00"))))
    bank.run(tills.close_drawer, CloseDrawer())


@reproduces("payments.own_hand")
def own_hand(bank: Bank) -> None:
    drawer(bank, cash=yuan("10.00"))
    waits = bank.run(handing.hand_over, HandOver("vault", pieces(yuan("10.00"))))
    bank.run(handing.take_to_vault, TakeToVault(waits.id))


@reproduces("payments.drawer_currency")
def drawer_currency(bank: Bank) -> None:
    party = saver(found(bank))
    bank.run(payments.open_wallet, OpenWallet(party, "USD"))
    drawer(bank)
    bank.run(cash.cash_in, CashIn(party, Money.parse("1.00", "USD")))
