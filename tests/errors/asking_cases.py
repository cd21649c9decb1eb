"""Refusals of requests to pay, and of bills that are split."""

from __future__ import annotations

from datetime import date

from farthing.kit.words import Words
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import PayersDebit, ProposeMandate
from farthing.payments.requests import rules
from farthing.payments.requests import service as requests
from farthing.payments.requests.model import BillShare, SplitBill
from farthing.payments.requests.rules import Asked, Wanted
from farthing.payments.standing import rules as standing_rules
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MakeStanding, StopStanding
from farthing.products.pay_requests import before
from farthing.products.standing_orders import before as standing_before
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.debits.drawers import shop
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import circle
from tests.payments.standing.payers import payer

CAREFUL = before(Words("house rule", "本机构规则"))
HER = [Wanted("party_her", "*红", yuan("1.00"))]


def _split(total: str, *parts: str, own: bool = True) -> None:
    people = tuple(BillShare(f"payee_{number}", yuan(each) if each else None) for number, each in enumerate(parts))
    command = SplitBill("party_me", yuan(total), people, own=own)
    rules.check_split(CAREFUL, command)
    rules.parts_of(command)


@reproduces("requests.unknown")
def a_request_that_is_not(bank: Bank) -> None:
    people = circle(bank)
    people.pay(people.rich, "ask_none")


@reproduces("requests.not_open")
def a_request_that_was_declined(bank: Bank) -> None:
    people = circle(bank)
    made = people.ask(people.others[0], people.rich)
    people.decline(people.rich, made.id)
    people.pay(people.rich, made.id)


@reproduces("requests.own")
def asking_oneself(bank: Bank) -> None:
    people = circle(bank)
    wanted = [Wanted(people.rich, "*红", yuan("1.00"))]
    bank.kernel.tidy(lambda tx: requests.ask_all(tx, people.rich, wanted, "", 7))


@reproduces("requests.too_long")
def asking_for_a_year() -> None:
    rules.check_days(CAREFUL, 365)


@reproduces("requests.not_taken")
def asking_who_takes_none(bank: Bank) -> None:
    people = circle(bank)
    people.block(people.rich, people.ask(people.others[0], people.rich).id)
    people.ask(people.others[0], people.rich)


@reproduces("requests.too_many_open")
def asking_while_one_waits() -> None:
    rules.check_asked(CAREFUL, HER, Asked(frozenset(), {"party_her": 1}, {}, 0))


@reproduces("requests.too_many_of_one")
def asking_one_again_today() -> None:
    rules.check_asked(CAREFUL, HER, Asked(frozenset(), {}, {"party_her": 1}, 0))


@reproduces("requests.too_many")
def asking_too_many_in_a_day() -> None:
    rules.check_asked(CAREFUL, HER, Asked(frozenset(), {}, {}, 5))


@reproduces("requests.reminded")
def reminding_twice_a_day(bank: Bank) -> None:
    people = circle(bank)
    made = people.ask(people.others[0], people.rich)
    people.remind(people.others[0], made.id)
    people.remind(people.others[0], made.id)


@reproduces("requests.block_unknown")
def unblocking_nobody(bank: Bank) -> None:
    people = circle(bank)
    people.unblock(people.rich, "block_none")


@reproduces("requests.nobody")
def a_bill_of_ones_own() -> None:
    _split("1.00")


@reproduces("requests.twice")
def two_parts_of_one() -> None:
    share = BillShare("payee_one")
    rules.check_split(CAREFUL, SplitBill("party_me", yuan("1.00"), (share, share)))


@reproduces("requests.too_many_people")
def a_bill_for_a_village() -> None:
    _split("100.00", *[""] * 10)


@reproduces("requests.mixed")
def some_amounts() -> None:
    _split("1.00", "0.50", "")


@reproduces("requests.sum")
def amounts_of_another_sum() -> None:
    _split("1.00", "0.50", "0.51")


@reproduces("requests.too_small")
def a_fen_for_two() -> None:
    _split("0.01", "", "", own=False)


def _arrange(**more: object) -> None:
    usual = {
        "payer": "party_me",
        "whom": "payee_one",
        "amount": yuan("1.00"),
        "first_on": date(2026, 6, 10),
        "every": "week",
    }
    standing_rules.check_make(MakeStanding(**{**usual, **more}), date(2026, 6, 10))  # type: ignore[arg-type]


@reproduces("standing.passed")
def a_payment_yesterday() -> None:
    _arrange(first_on=date(2026, 6, 9))


@reproduces("standing.too_far")
def a_payment_in_years() -> None:
    _arrange(first_on=date(2029, 6, 9))


@reproduces("standing.once")
def one_payment_with_an_end() -> None:
    _arrange(every="once", times=3)


@reproduces("standing.never")
def payments_up_to_less_than_one() -> None:
    _arrange(total=yuan("0.99"))


@reproduces("standing.too_many")
def a_payment_too_many() -> None:
    standing_rules.check_count(standing_before(Words("house rule", "本机构规则")), 20)


@reproduces("standing.unknown")
def stopping_what_is_not(bank: Bank) -> None:
    people = circle(bank)
    bank.run(standing.stop, StopStanding(people.rich, "standing_none"), actor=herself(people.rich))


@reproduces("standing.not_active")
def stopping_twice(bank: Bank) -> None:
    her = payer(bank)
    made = her.make(after=1)
    her.stop(made)
    her.stop(made)


@reproduces("debits.unknown")
def a_mandate_that_is_not(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.end(noodles.signed(), noodles.people.others[2])


@reproduces("debits.unknown_debit")
def a_debit_that_is_not(bank: Bank) -> None:
    noodles = shop(bank)
    command = PayersDebit(noodles.rich, noodles.signed().id, "debit_none")
    bank.run(debits.stop, command, actor=herself(noodles.rich))


@reproduces("debits.not_creditor")
def a_person_who_would_draw(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.propose(creditor=noodles.people.others[1], merchant="")


@reproduces("debits.no_purpose")
def a_mandate_for_nothing(bank: Bank) -> None:
    noodles = shop(bank)
    ask = ProposeMandate(noodles.owner, "payee_one", " ", yuan("1.00"), yuan("1.00"), None, noodles.merchant)
    bank.run(debits.propose, ask, actor=herself(noodles.owner))


@reproduces("debits.bad_limits")
def a_month_less_than_a_debit(bank: Bank) -> None:
    shop(bank).propose("2.00", "1.00")


@reproduces("debits.over_law")
def a_debit_beyond_the_law(bank: Bank) -> None:
    shop(bank).propose("5000.01", "6000.00")


@reproduces("debits.not_proposed")
def signing_twice(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.sign(noodles.signed())


@reproduces("debits.not_in_force")
def drawing_by_what_was_not_signed(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.announce(noodles.propose())


@reproduces("debits.idle")
def drawing_by_what_was_forgotten(bank: Bank) -> None:
    noodles = shop(bank)
    signed = noodles.signed()
    with bank.superuser() as connection:
        connection.execute("UPDATE debit_mandate SET last_on = last_on - 4000")
    noodles.announce(signed)


@reproduces("debits.too_soon")
def drawing_tomorrow(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.announce(noodles.signed(), after=1)


@reproduces("debits.after_end")
def drawing_after_the_last_day(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.announce(noodles.sign(noodles.propose(), until=noodles.today), after=30)


@reproduces("debits.over_each")
def drawing_more_than_a_debit(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.announce(noodles.signed(), "100.01")


@reproduces("debits.over_month")
def drawing_more_than_a_month(bank: Bank) -> None:
    noodles = shop(bank)
    signed = noodles.signed()
    noodles.announce(signed, "100.00")
    noodles.announce(signed, "50.01")


@reproduces("debits.not_announced")
def stopping_a_debit_twice(bank: Bank) -> None:
    noodles = shop(bank)
    debit = noodles.announce(noodles.signed())
    noodles.stop(debit)
    noodles.stop(debit)


@reproduces("debits.not_refundable")
def having_back_what_was_not_drawn(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.back(noodles.announce(noodles.signed()))
