"""Money that a person moves between wallets and cards of one's own is no income and no spending, however the bills tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit.bills.model import Transaction
from farthing.credit.bills.read import read_bill
from farthing.credit.movements import classify
from farthing.credit.own_transfers import between_own
from tests.credit.made import alipay, alipay_row, wechat, wechat_row

HOLDER = "林美"
NOON = datetime(2026, 7, 10, 12)


def out(
    who: str = "*美", amount: str = "500.00", at: datetime = NOON, what: str = "转账", **more: str
) -> list[Transaction]:
    row = alipay_row(who, what, amount, at=str(at), kind="转账红包", order=f"2026{at:%m%d%H%M%S}0001", **more)
    return list(read_bill(alipay(row)).transactions)


def into(
    who: str = "/", amount: str = "500.00", at: datetime = NOON, what: str = "转账备注:/", **more: str
) -> list[Transaction]:
    row = wechat_row(who, what, f"¥{amount}", at=str(at), kind="转账", direction="收入", status="已收钱",
                     order=f"1000{at:%m%d%H%M%S}0009", **more)  # fmt: skip
    return list(read_bill(wechat(row)).transactions)


def flows(*rows: list[Transaction]) -> tuple[int, int]:
    """How much came in and went out, in fen."""
    found = classify([item for each in rows for item in each], holder=HOLDER).movements
    came, went = (sum(each.amount.minor for each in found if each.flow == flow) for flow in ("in", "out"))
    return came, went


@pytest.mark.parametrize(
    ("left", "came"),
    [
        (out(), into()),
        (out("林*"), into(at=NOON + timedelta(days=2, hours=23))),
        (out(at=datetime(2026, 7, 31, 23, 59, 50)), into(at=datetime(2026, 8, 1, 0, 0, 10))),
        (out(at=NOON), into("林美", at=NOON - timedelta(minutes=5))),
        (out("招商银行(6217)", "500.50", what="转账到银行卡-招商银行(6217)", method="招商银行(6217)"), into()),
        (out("", what="转账到招商银行 尾号6217", method="招商银行储蓄卡(6217)"), into("招商银行")),
        (out("**", what="转账"), into("*美")),
        (out("林美"), into("财付通")),
    ],
    ids=[
        "masked",
        "over-a-weekend",
        "over-a-month-s-end",
        "clocks-differ",
        "with-a-fee",
        "by-card",
        "the-other-side",
        "exact",
    ],
)
def test_two_halves_of_one_move_count_neither_way(left: list[Transaction], came: list[Transaction]) -> None:
    assert flows(left, came) == flows(came, left) == (0, 0)


@pytest.mark.parametrize(
    ("left", "came"),
    [
        (out("王芳"), into("李雷")),
        (out("妈妈"), into("林美", "499.00")),
        (out("*芳"), into()),
        (out(), into(at=NOON + timedelta(days=4))),
        (out(), into(at=NOON - timedelta(hours=1))),
        (out(amount="500.00"), into(amount="480.00")),
        (out(amount="500.00"), into(amount="500.01")),
        (out("某店", what="货"), into("李雷")),
        (out(), into("李雷")),
        (out("", what="转账到招商银行 尾号9999"), into("招商银行")),
    ],
    ids=["two-others", "to-mother", "another-mask", "too-late", "before", "too-dear", "more-than-sent", "a-purchase",
         "from-another", "nobody-s-card"],
)  # fmt: skip
def test_what_somebody_else_may_be_in_stays_as_it_is(left: list[Transaction], came: list[Transaction]) -> None:
    assert not between_own([*left, *came], HOLDER)


def test_each_half_is_taken_once_and_the_nearest_first() -> None:
    twice = [*out(), *into(at=NOON + timedelta(hours=5)), *into(at=NOON + timedelta(minutes=1))]
    found = between_own(twice, HOLDER)
    assert found == {twice[0].digest, twice[2].digest}
    assert between_own(twice[::-1], HOLDER) == found, "the order of the bills does not matter"
    assert not between_own(twice, HOLDER, {twice[0].digest}), "what is disputed is paired with nothing"


def test_a_withdrawal_and_what_arrives_of_it_in_the_other_wallet() -> None:
    row = wechat_row(
        "招商银行(6217)", "/", "¥1000.00", kind="零钱提现", direction="/", status="提现已到账", method="招商银行(6217)"
    )
    drawn = list(read_bill(wechat(row)).transactions)
    topped = alipay_row("林*", "转账", "999.00", kind="转账红包", direction="收入", at="2026-07-10 10:05:00")
    assert flows(drawn, list(read_bill(alipay(topped)).transactions)) == (0, 0)
    assert flows(list(read_bill(alipay(topped)).transactions))[0] == 99_900, "alone it is told by nobody"


moments = st.integers(0, 300 * 24 * 60).map(lambda minutes: NOON - timedelta(days=300) + timedelta(minutes=minutes))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(moments, st.integers(1, 40), st.booleans()), max_size=8), moments, st.integers(0, 72 * 60))
def test_a_matched_pair_changes_no_figure(rows: list[tuple[datetime, int, bool]], at: datetime, minutes: int) -> None:
    """Whatever else stands in the bills: a pair of a sum that nothing else has is as if it were not there."""
    others = [
        item
        for number, (when, yuan, comes) in enumerate(rows)
        for item in (into if comes else out)(("王芳", "某店", "*美")[number % 3], f"{yuan}.00", when)
    ]
    pair = [*out("林*", "777.77", at), *into("/", "777.77", at + timedelta(minutes=minutes))]
    bare, more = classify(others, holder=HOLDER), classify([*others, *pair], holder=HOLDER)
    assert more.movements == bare.movements
    assert more.aside.get("own", 0) == bare.aside.get("own", 0) + 2
