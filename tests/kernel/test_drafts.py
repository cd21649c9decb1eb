"""How a draft ends: refused for good, lapsed, void; never waiting for ever, and never outliving who made it."""

from __future__ import annotations

import pytest

from farthing.bank.staff import appoint
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin, DisableLogin
from farthing.identity.roles import ROLES
from farthing.identity.rules import actor_of
from farthing.kernel import approvals, calendar
from farthing.kernel.approvals import Decide
from farthing.kernel.calendar import DeclareHolidays
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.products.drafts import service as drafts  # noqa: F401 - lists a step of a day's close
from tests.conftest import DAY, Bank
from tests.hands import law
from tests.kernel import shop
from tests.kernel.shop import Enter, Sell, Serve, enter, order_two, serve

MAKER, CHECKER = Actor("maker", frozenset({"*"})), Actor("checker", frozenset({"*"}))
TELLER = Actor("teller:li", frozenset({"shop:serve", "shop:door"}))


@pytest.fixture(autouse=True)
def goods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "STOCK", {"rice"})  # what the shop's own step of a close asks for


def state(bank: Bank, approval_id: str) -> tuple[str, str | None]:
    with bank.superuser() as connection:
        row = connection.execute(
            "SELECT state, refusal_code FROM approval ORDER BY (id::text = %s) DESC LIMIT 1",
            [str(approvals.parse_prefixed("appr", approval_id))],
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def ids(found: list[approvals.Draft]) -> list[str]:
    return [each.approval_id for each in found]


def test_a_draft_whose_operation_says_no_is_closed_with_that_no(bank: Bank) -> None:
    pending = bank.run(calendar.declare_holidays, DeclareHolidays((DAY.replace(year=DAY.year + 1),)), actor=MAKER)
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET business_date = business_date + 400")
    decided = bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHECKER, key="k")
    assert (decided.state, decided.refusal_code) == ("refused", "savings.holiday_passed")
    assert "holiday" in decided.refusal
    assert state(bank, pending.approval_id) == ("refused", "savings.holiday_passed")
    assert bank.read(approvals.waiting) == []
    again = bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHECKER, key="k")
    assert (again.state, again.refusal_code) == ("refused", "savings.holiday_passed")
    with pytest.raises(Refusal, match=r"approvals\.settled"):
        bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHECKER)
    assert bank.read(calendar.holidays) == frozenset()


def test_who_may_not_approve_does_not_close_it(bank: Bank) -> None:
    pending = bank.run(order_two, Sell("rice", 1), actor=MAKER)
    weak = Actor("weak", frozenset({"approvals:decide"}))
    with pytest.raises(Refusal, match=r"kernel\.forbidden"):
        bank.run(approvals.decide, Decide(pending.approval_id, True), actor=weak)
    assert ids(bank.read(approvals.waiting)) == [pending.approval_id]


def test_a_draft_lapses_after_the_days_of_the_policy(bank: Bank) -> None:
    law(bank)
    pending = bank.run(order_two, Sell("rice", 1), actor=MAKER)
    for _ in range(6):
        close_day(bank.kernel)
    assert ids(bank.read(approvals.waiting)) == [pending.approval_id]
    close_day(bank.kernel)
    assert bank.read(approvals.waiting) == []
    assert state(bank, pending.approval_id)[0] == "lapsed"
    with pytest.raises(Refusal, match=r"approvals\.settled"):
        bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHECKER)


def test_a_draft_for_a_customer_who_is_there_says_so_and_lapses_with_the_day(bank: Bank) -> None:
    there = bank.run(enter, Enter("party_ann"), actor=TELLER)
    pending = bank.run(serve, Serve("party_ann", 10), actor=TELLER)
    other = bank.run(order_two, Sell("rice", 1), actor=MAKER)
    shown = bank.read(lambda tx: approvals.draft(tx, pending.approval_id))
    assert (shown.party_ids, shown.attendance_id, shown.made_on) == (("party_ann",), there.id, DAY)
    close_day(bank.kernel)
    assert state(bank, pending.approval_id)[0] == "lapsed"
    assert ids(bank.read(approvals.waiting)) == [other.approval_id]


def test_a_draft_of_a_login_that_was_closed_is_void(bank: Bank) -> None:
    actor_id, _ = appoint(bank.kernel, CreateLogin("li", "operator", "Li Na", "L-1"))
    maker = actor_of(actor_id, "operator", None)
    pending = bank.run(calendar.declare_holidays, DeclareHolidays((DAY.replace(year=DAY.year + 1),)), actor=maker)
    bank.run(identity.disable_login, DisableLogin(actor_id))
    assert state(bank, pending.approval_id)[0] == "void"
    assert bank.read(approvals.waiting) == []


def test_a_draft_of_somebody_whose_role_lost_the_permission_is_void(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor_id, _ = appoint(bank.kernel, CreateLogin("li", "operator", "Li Na", "L-1"))
    maker = actor_of(actor_id, "operator", None)
    wanted = DeclareHolidays((DAY.replace(year=DAY.year + 1),))
    pending = bank.run(calendar.declare_holidays, wanted, actor=maker)
    monkeypatch.setitem(ROLES, "operator", ROLES["operator"] - {"savings:publish"})  # type: ignore[misc]
    (shown,) = bank.read(approvals.waiting)
    assert not shown.maker_stands, "whoever would approve sees it"
    decided = bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHECKER)
    assert decided.state == "void"
    assert bank.read(calendar.holidays) == frozenset()


def test_everybody_sees_the_own_drafts_and_nobody_elses(bank: Bank) -> None:
    pending = bank.run(order_two, Sell("rice", 1), actor=MAKER)
    assert ids(bank.kernel.ask(approvals.own, actor=MAKER)) == [pending.approval_id]
    assert bank.kernel.ask(approvals.own, actor=CHECKER) == []
    clerk = Actor("clerk", frozenset({"approvals:decide"}))
    with pytest.raises(Refusal, match=r"approvals\.unknown"):
        bank.kernel.ask(approvals.draft, pending.approval_id, actor=clerk)
