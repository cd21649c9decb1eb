"""Refusals of codes at a counter, of looking up who is paid, and of codes that collect."""

from __future__ import annotations

from farthing.identity.rules import actor_of
from farthing.kit.money import Money
from farthing.parties.showing import rules as shown
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode, Found
from farthing.payments import service as payments
from farthing.payments.activity import service as activity
from farthing.payments.model import OpenWallet
from farthing.payments.payees import rules
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Collect, FindPayee, Pay, PayeeFound
from farthing.payments.rules import check_name
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.parties.people import register_person


@reproduces("parties.shown_code_unknown")
def shown_code_unknown() -> None:
    showing.require_found(Found("unknown"))


@reproduces("parties.too_many_shown_codes")
def too_many_shown_codes(bank: Bank) -> None:
    for number in range(shown.WRONG_PER_HOUR + 1):
        bank.run(showing.find_by_code, FindByCode(f"{number:08}"))


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def customer(bank: Bank, number: int = 1) -> str:
    """Somebody with a wallet."""
    party: str = register_person(bank, number).id
    bank.run(payments.open_wallet, OpenWallet(party))
    return party


@reproduces("payments.nobody_answers")
def nobody_answers() -> None:
    payees.require_found(PayeeFound("unknown"))


@reproduces("payments.too_many_lookups")
def too_many_lookups(bank: Bank) -> None:
    party = customer(bank)
    herself = actor_of("customer:her", "customer", party)
    for number in range(rules.LOOKUPS + 1):
        bank.run(payees.find_payee, FindPayee(party, f"139 1234 {4000 + number}"), actor=herself)


@reproduces("payments.our_name")
def our_name() -> None:
    check_name("debit_01ktqgp6w1e97azyn8amd2hxxk")


@reproduces("payments.payee_changed")
def payee_changed(bank: Bank) -> None:
    bank.run(payees.pay, Pay(customer(bank), "payee_never-looked-up", yuan("1.00")))


@reproduces("payments.collect_code_withdrawn")
def collect_code_withdrawn(bank: Bank) -> None:
    bank.run(payees.pay, Pay(customer(bank), "collect_nothing", yuan("1.00")))


@reproduces("payments.collect_amount")
def collect_amount(bank: Bank) -> None:
    code = bank.run(payees.collect, Collect(customer(bank, 2), yuan("38.00"))).id
    bank.run(payees.pay, Pay(customer(bank), code, yuan("3.80")))


@reproduces("payments.too_many_collect_codes")
def too_many_collect_codes(bank: Bank) -> None:
    party = customer(bank)
    for number in range(rules.MOST_CODES + 1):
        bank.run(payees.collect, Collect(party, yuan(f"{number + 1}.00")))


@reproduces("payments.bad_month")
def bad_month(bank: Bank) -> None:
    bank.read(lambda tx: activity.activity(tx, customer(bank), month="November"))


@reproduces("payments.unknown_group")
def unknown_group(bank: Bank) -> None:
    bank.read(lambda tx: activity.activity(tx, customer(bank), kind="gifts"))


@reproduces("payments.bad_cursor")
def bad_cursor(bank: Bank) -> None:
    bank.read(lambda tx: activity.activity(tx, customer(bank), cursor="!"))
