"""What waits for a second person is told where it was asked for, and decided on a page of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from farthing.identity.rules import permissions_of
from farthing.kernel import attendance
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from tests.conftest import Bank
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.payments.drawers import drawer
from tests.web.test_entrance import Browser, base  # noqa: F401 - a fixture


def test_the_counter_says_that_a_draft_waits_and_another_teller_approves_it_on_a_page(base: str, bank: Bank) -> None:  # noqa: F811
    """The page told nothing, and no teller could open the page on which drafts were listed."""
    person = enrolled(bank, Person()).party
    assert person is not None
    bank.run(parties.verify_identity, VerifyIdentity(person.id))
    bank.run(payments.open_wallet, OpenWallet(person.id))
    bank.run(payments.top_up, MoveByRail(person.id, Money(3_000_000, "CNY"), "6222021234567890123"))
    opening = OpenDeposit(person.id, "savings-demand", Money(3_000_000, "CNY"))
    deposit = bank.run(deposits.open_deposit, opening).deposit.id
    actor = staff(bank, "li", "teller")
    staff(bank, "wu", "teller")
    teller = Actor(actor, permissions_of("teller"))
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), person.id, "code"))
    drawer(bank, teller, "east-1")
    desk, other = Browser(base), Browser(base)
    desk.sign_in("li", PASSWORD)
    here = f"/counter/deposits/{deposit}"
    desk.go(here)
    paid_in = {"step": "pay_in", "amount": "20000", "key": "in"}
    assert desk.confirm(here, **paid_in).status_code == 303
    asked = {"step": "withdraw", "amount": "15000", "key": "k"}
    shown = desk.go(desk.confirm(here, **asked).headers["location"]).text
    assert "a second person must agree" in shown and "/approvals" in shown
    assert "waits for a second person; nothing was done yet" in desk.go("/counter").text
    other.sign_in("wu", PASSWORD)
    page = other.go("/approvals").text
    (draft,) = set(re.findall("appr_[0-9a-z]{26}", page))
    assert person.name in other.go(f"/approvals/{draft}").text
    ended = other.agree(f"/approvals/{draft}", "yes").headers["location"]
    assert "approved, and done" in other.go(ended).text
    assert "waits for a second person" not in desk.go("/counter").text
