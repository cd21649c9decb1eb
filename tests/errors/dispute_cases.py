"""Refusals of disputes."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.payments.disputes import opening_service as opening
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import rules
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.model import DecideDispute, OpenDispute
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.debits.drawers import shop as drawers
from tests.payments.disputes.test_disputes import answer, disputed
from tests.payments.merchants.shops import Shop, shop
from tests.payments.packets.people import herself, yuan


def noodles(bank: Bank) -> Shop:
    return shop(bank, "sandbox")


def of_debit(bank: Bank, reason: str, until: date | None) -> None:
    house = drawers(bank)
    mandate = house.signed()
    debit = house.announce(mandate)
    house.close(4)
    if until is not None:
        with bank.superuser() as connection:
            connection.execute("UPDATE mandate_debit SET refund_until = %s", [until])
    command = OpenDispute(house.rich, house.seen(debit).reference, reason, "?", None, mandate.id)  # type: ignore[arg-type]
    bank.run(opening.open_dispute, command, actor=herself(house.rich))


@reproduces("disputes.unknown")
def a_dispute_that_is_not_there(bank: Bank) -> None:
    bank.read(lambda tx: reading.case(tx, "dispute_none"))


@reproduces("disputes.no_payment")
def disputing_what_was_never_paid(bank: Bank) -> None:
    them = noodles(bank)
    command = OpenDispute(them.buyer, "code-pay:none", "not_received", "?")
    bank.run(opening.open_dispute, command, actor=herself(them.buyer))


@reproduces("disputes.too_late")
def disputing_what_was_paid_long_ago(bank: Bank) -> None:
    law, today = bank.read(reading.law), bank.kernel.clock().business_date
    rules.check_late(today - timedelta(days=law.days + 1), today, law.days, law)


@reproduces("disputes.refund_first")
def disputing_a_debit_that_one_has_back_anyway(bank: Bank) -> None:
    of_debit(bank, "not_authorised", None)


@reproduces("disputes.not_a_reason")
def disputing_a_debit_for_another_reason(bank: Bank) -> None:
    of_debit(bank, "not_received", date(2000, 1, 1))


@reproduces("disputes.whole")
def disputing_a_part_of_a_debit() -> None:
    rules.check_whole(yuan("1.00"), yuan("2.00"))


@reproduces("disputes.too_much")
def disputing_more_than_was_paid(bank: Bank) -> None:
    them = noodles(bank)
    disputed(them, them.pay(them.code(), "5.00"), "5.01")


@reproduces("disputes.before")
def disputing_twice(bank: Bank) -> None:
    them = noodles(bank)
    paid = them.pay(them.code(), "5.00")
    for _ in range(2):
        disputed(them, paid)


@reproduces("disputes.no_words")
def disputing_without_a_word(bank: Bank) -> None:
    them = noodles(bank)
    command = OpenDispute(them.buyer, them.pay(them.code(), "5.00").reference, "not_received", " ")
    bank.run(opening.open_dispute, command, actor=herself(them.buyer))


@reproduces("disputes.not_now")
def deciding_before_the_merchant_answered(bank: Bank) -> None:
    them = noodles(bank)
    made = disputed(them, them.pay(them.code(), "5.00"))
    bank.run(disputes.decide, DecideDispute(made.id, "payer", "?"))


@reproduces("disputes.two_persons")
def deciding_a_large_one_alone(bank: Bank) -> None:
    them = noodles(bank)
    made = disputed(them, them.pay(them.code(), "500.00"))
    answer(them, made)
    bank.run(disputes.decide, DecideDispute(made.id, "payer", "?"))
