"""Refusals of requests to pay, and of bills that are split."""

from __future__ import annotations

from farthing.kit.words import Words
from farthing.payments.requests import rules
from farthing.payments.requests import service as requests
from farthing.payments.requests.model import Share, SplitBill
from farthing.payments.requests.rules import Asked, Wanted
from farthing.products.pay_requests import before
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.packets.people import yuan
from tests.payments.requests.askers import circle

CAREFUL = before(Words("house rule", "本机构规则"))
HER = [Wanted("party_her", "*红", yuan("1.00"))]


def _split(total: str, *parts: str, own: bool = True) -> None:
    people = tuple(Share(f"payee_{number}", yuan(each) if each else None) for number, each in enumerate(parts))
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
    share = Share("payee_one")
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
