"""Money in suspense on a page: an operator sees what is known of it, and asks a second person to apply it or to send it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import SECOND
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.payments.life.suspense_service import suspense
from farthing.payments.model import Notice
from tests.conftest import Bank
from tests.doors import served
from tests.identity.people import PASSWORD, staff
from tests.payments.life.house import CARD, House, cny, house_of
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(bank: Bank) -> House:
    found = house_of(bank)
    for name, minor in (("a", 500), ("b", 700)):
        found.rail.told.append(Notice(name, "credited", "", cny(minor), None, f"REF{name}", "", "rent"))
    found.settle()
    staff(bank, "ou", "operator")
    return found


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as server:
        yield server


def test_what_is_nobodys_is_given_to_a_customer_or_sent_back_by_two(house: House, base: str, browser: Chromium) -> None:
    operator = Browser(base)
    operator.sign_in("ou", PASSWORD)
    assert 'href="/ops/suspense/sandbox:a"' in operator.go("/ops/payments").text
    for name, told in (
        ("a", {"act": "apply", "party_id": house.ann, "note": "she named it"}),
        ("b", {"act": "back", "outside_account": CARD, "note": "nobody claims it"}),
    ):
        place = f"/ops/suspense/sandbox:{name}"
        assert "REF" + name in operator.go(place).text
        review = operator.send(place, **told, key=name)
        assert "What it would change" in review.text
        seen = review.text.partition('name="seen" value="')[2].partition('"')[0]
        done = operator.send(place, **told, key=name, confirmed="1", seen=seen)
        assert done.headers["location"] == f"{place}?drafted=1"
    assert (
        "payments.bad_outside_account"
        in operator.send("/ops/suspense/sandbox:b", act="back", outside_account="1", note="x", key="z").text
    )
    assert operator.go("/ops/suspense/sandbox:none").status_code == 404
    found = faults(browser, base, "/ops/suspense/sandbox:a", "zh", widths=(360,), cookies=operator.kept())
    assert not found, "\n".join(found)
    for draft in house.bank.kernel.read(approvals.waiting, actor=SECOND):
        house.bank.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=SECOND)
    assert house.bank.read(suspense) == []
    assert "sent back" in operator.go("/ops/suspense/sandbox:b").text
