"""Refusals of payments that wait for a person."""

from __future__ import annotations

from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import PayLater
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import LetPair, RefuseHeld, ReleaseHeld
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.fraud.victims import victims, word
from tests.payments.packets.people import herself, yuan


@reproduces("fraud.unknown")
def a_payment_that_does_not_wait(bank: Bank) -> None:
    bank.run(fraud.release, ReleaseHeld("xfer_none"))


@reproduces("fraud.ended")
def letting_go_what_was_let_go(bank: Bank) -> None:
    held = victims(bank).pay("20000.00")
    for _ in range(2):
        bank.run(fraud.release, ReleaseHeld(held.id))


@reproduces("fraud.refused")
def paying_again_what_was_refused(bank: Bank) -> None:
    them = victims(bank)
    bank.run(fraud.refuse, RefuseHeld(them.pay("20000.00", id="gift").id, "told to by phone"))
    them.pay("20000.00", id="gift")


@reproduces("fraud.two_persons")
def letting_a_large_one_go_alone(bank: Bank) -> None:
    bank.run(fraud.release, ReleaseHeld(victims(bank).pay("50000.00").id))


@reproduces("fraud.no_reason")
def refusing_without_a_reason(bank: Bank) -> None:
    bank.run(fraud.refuse, RefuseHeld("xfer_none", ""))


@reproduces("fraud.other_content")
def another_payment_under_the_id_of_one_that_waits(bank: Bank) -> None:
    them = victims(bank)
    them.pay("20000.00", id="gift")
    them.pay("20001.00", id="gift")


@reproduces("fraud.not_later")
def a_large_first_payment_that_is_to_go_later(bank: Bank) -> None:
    them = victims(bank)
    bank.run(delayed.pay, PayLater(them.rich, word(them, 0), yuan("60000.00"), "two_hours"), actor=herself(them.rich))


@reproduces("fraud.same_pair")
def a_pair_of_one() -> None:
    fraud.let_pair(None, LetPair("party_a", "party_a"))  # type: ignore[arg-type]
