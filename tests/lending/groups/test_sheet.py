"""A sheet is collected whole, once, and for exactly the cash that was counted; or nothing of it is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as some

from farthing.identity.rules import actor_of
from farthing.kernel.operation import operation_of
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.groups import sheet_service as sheets
from farthing.payments import service as payments
from farthing.payments.tills import service as tills
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.tills.model import CloseDrawer, Pieces
from tests.laws import examples
from tests.lending.groups.village import TELLER, Village, village
from tests.lending.house import yuan


@pytest.fixture
def east(database_url: str) -> Village:
    return village(database_url)


def wallets(east: Village) -> list[Money]:
    return [
        east.house.bank.read(lambda tx, each=each: payments.wallet(tx, each.id, "CNY").balance) for each in east.members
    ]


@pytest.mark.long
def test_thirty_people_in_one_act_is_one_batch_and_every_wallet_is_as_before(east: Village) -> None:
    shown = east.sheet()
    assert (shown.number, [each.days_late for each in shown.rows]) == (1, [1, 1, 1, 1])
    dues = east.dues()
    done = east.collect(east.filled(*(east.line(place, place, due) for place, due in enumerate(dues))))
    assert (done.number, done.total, shown.due) == (1, east.drawer(), done.total)
    assert east.dues() == [yuan("0")] * 4 and wallets(east) == [yuan("0")] * 5
    for loan, due in zip(east.loans, dues, strict=True):
        (paid,) = east.house.bank.read(lambda tx, loan=loan: lending.repayments(tx, loan.id))
        assert paid.amount == due and paid.id in {each.repayment_id for each in done.lines}
    assert east.house.bank.read(verify_tills).findings == ()
    assert east.sheet().number == 2


def test_a_member_pays_for_another_and_the_sheet_says_who_for_whom(east: Village) -> None:
    first, second, _, fourth = east.dues()
    done = east.collect(east.filled(east.line(0, 0, first), east.line(0, 1, second), east.line(4, 3, fourth)))
    told = [(each.payer_id, each.borrower_id) for each in done.lines if each.for_another]
    assert told == [(east.members[0].id, east.members[1].id), (east.members[4].id, east.members[3].id)]
    assert east.dues()[2] > yuan("0") and wallets(east) == [yuan("0")] * 5
    (kept,) = east.house.bank.kernel.ask(sheets.group_sheets, east.group_id, actor=TELLER)
    assert kept == done


def test_what_does_not_sum_is_refused_and_changes_nothing(east: Village) -> None:
    dues, before = east.dues(), east.drawer()
    line = east.line(0, 0, dues[0])
    refused = {
        "lending.sheet_differs": east.filled(line, total=dues[0] + yuan("0.01")),
        "lending.sheet_taken": east.filled(line, number=2),
        "lending.sheet_empty": east.filled(total=yuan("1")),
        "money.not_positive": east.filled(line, east.line(1, 1, "0")),
        "lending.sheet_beyond_due": east.filled(line, east.line(1, 0, "0.01")),
    }
    for code, sheet in refused.items():
        assert east.house.refused(sheets.collect_sheet, sheet, actor=TELLER) == code
    stranger = east.line(0, 0, dues[0])
    outside = stranger.__class__("party_" + "0" * 26, stranger.loan_id, stranger.amount)
    assert east.house.refused(sheets.collect_sheet, east.filled(outside), actor=TELLER) == "lending.not_a_member"
    assert (east.dues(), east.drawer(), east.sheet().number) == (dues, before, 1)


def test_the_same_sheet_twice_collects_once_and_another_of_its_number_nothing(east: Village) -> None:
    dues = east.dues()
    sheet = east.filled(east.line(0, 0, dues[0]))
    done = east.collect(sheet, key="first")
    assert east.collect(sheet, key="first") == done and east.collect(sheet, key="second") == done
    assert east.drawer() == dues[0]
    other = east.filled(east.line(1, 1, dues[1]), number=1)
    assert east.house.refused(sheets.collect_sheet, other, actor=TELLER) == "lending.sheet_taken"


def test_without_a_drawer_or_the_role_nothing_is_collected(east: Village) -> None:
    sheet = east.filled(east.line(0, 0, east.dues()[0]))
    other = actor_of("teller:li", "teller", None)
    assert east.house.refused(sheets.collect_sheet, sheet, actor=other) == "payments.no_drawer"
    risk = actor_of("risk:zhou", "risk", None)
    assert east.house.refused(sheets.collect_sheet, sheet, actor=risk) == "kernel.forbidden"


def test_what_the_officer_saw_is_what_is_collected(east: Village) -> None:
    dues = east.dues()
    sheet = east.filled(east.line(0, 0, dues[0]), east.line(2, 1, dues[1]))
    looked = east.house.bank.kernel.look(operation_of(sheets.collect_sheet), sheet, actor=TELLER)
    assert looked.facts == {
        "total": {"minor": (dues[0] + dues[1]).minor, "currency": "CNY"}, "payers": 2,
        "for_others": {"minor": dues[1].minor, "currency": "CNY"},
    }  # fmt: skip
    east.house.bank.run(tills.close_drawer, CloseDrawer(), actor=TELLER)
    assert east.house.refused(sheets.collect_sheet, sheet, actor=TELLER, seen=looked.seen) == "payments.no_drawer"


def test_the_cash_is_counted_with_the_rest_of_the_drawer(east: Village) -> None:
    due = east.dues()[0]
    east.collect(east.filled(east.line(0, 0, due)))
    wrong = CloseDrawer((Pieces(yuan("1"), 1),))
    assert east.house.refused(tills.close_drawer, wrong, actor=TELLER) == "payments.drawer_differs"


amounts = some.integers(min_value=0, max_value=60_000)
drawn = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 3), amounts), min_size=0, max_size=6)


def test_law_what_is_repaid_is_what_was_taken_all_or_nothing(east: Village) -> None:
    """Random sheets: either the drawer and the repayments grow by exactly the total, or nothing anywhere moves."""
    bank = east.house.bank

    def state() -> tuple[int, int, int]:
        owed = sum(bank.read(lambda tx, loan=loan: sum(
            each.amount.minor for each in lending.repayments(tx, loan.id))) for loan in east.loans)  # fmt: skip
        held = sum(each.minor for each in wallets(east))
        return east.drawer().minor, owed, held

    @examples(12, suppress_health_check=list(HealthCheck))
    @given(drawn, some.sampled_from([0, 0, 0, 1, -1]))
    def law(lines: list[tuple[int, int, int]], off: int) -> None:
        before = state()
        made = [east.line(payer, loan, Money(amount, "CNY")) for payer, loan, amount in lines]
        come_to = Money(sum(each.amount.minor for each in made) + off, "CNY")
        sheet = east.filled(*made, total=come_to)
        try:
            done = east.collect(sheet)
        except Refusal:
            assert state() == before
        else:
            taken = done.total.minor
            assert state() == (before[0] + taken, before[1] + taken, before[2])
            assert taken == sum(each.amount.minor for each in done.lines) == come_to.minor

    law()
    assert bank.read(verify_tills).findings == ()
