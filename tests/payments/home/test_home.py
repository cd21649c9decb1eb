"""Brought home by consent, together with the wallet here, each movement once; hers alone; taken back at a word."""

from __future__ import annotations

import base64
from datetime import UTC, date

import pytest

from farthing.identity.roles import ROLES
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.activity import service as activity
from farthing.payments.home import reading_service as reading
from farthing.payments.home import service as home
from farthing.payments.home.model import BringMoney, Brought, Categorise, TakeBackMoney
from farthing.payments.home.views import Movements, MovementView, Spent
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.iso20022.writer import write
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.parties.people import register_person
from tests.payments.home.files import NOON, boc, wechat
from tests.payments.packets.people import herself, yuan

BILL = wechat([
    ("2026-05-03 12:30:00", "支出", "28.00", "商户消费", "云膳过桥米线", "午餐", "中国银行(1234)"),
    ("2026-05-04 09:00:00", "支出", "500.00", "转账", "房东", "房租", "零钱"),
    ("2026-05-02 08:00:00", "/", "600.00", "转入零钱通-来自中国银行(1234)", "/", "/", "中国银行(1234)"),
    ("2026-05-06 18:00:00", "支出", "12.00", "商户消费", "蓝湾面馆", "晚餐", "零钱"),
])  # fmt: skip
BANK = boc([
    ("2026-05-01 10:00:00", "5,771.00", "工资", "美金数据有限公司"),
    ("2026-05-02 08:00:07", "-600.00", "网上快捷支付", "财付通-微信零钱"),
    ("2026-05-03 12:30:09", "-28.00", "网上快捷支付", "财付通-云膳过桥米线"),
    ("2026-05-08 20:00:00", "-88.00", "消费", "永辉超市"),
])  # fmt: skip


class Her:
    """A person who brings what she has."""

    def __init__(self, bank: Bank, number: int = 0) -> None:
        self.bank, self.party = bank, register_person(bank, number).id
        self.actor = herself(self.party)

    def bring(self, content: bytes, tail: str = "", *, agreed: bool = True) -> Brought:
        command = BringMoney(self.party, agreed, base64.b64encode(content).decode(), "", tail)
        found: Brought = self.bank.run(home.bring, command, actor=self.actor)
        return found

    def spent(self, month: str = "2026-05") -> Spent:
        found: Spent = self.bank.kernel.ask(reading.spent, self.party, month, actor=self.actor)
        return found

    def sums(self, month: str = "2026-05") -> dict[str, str]:
        return {each.category: each.amount.plain() for each in self.spent(month).categories}

    def listed(self, **more: object) -> tuple[MovementView, ...]:
        found: Movements = self.bank.kernel.ask(reading.movements, self.party, "2026-05", actor=self.actor, **more)
        return found.movements

    def refused(self, content: bytes, **more: object) -> str:
        with pytest.raises(Refusal) as caught:
            self.bring(content, **more)  # type: ignore[arg-type]
        return caught.value.code


@pytest.fixture
def her(bank: Bank) -> Her:
    return Her(bank)


MAY = date(2026, 5, 5)
LINE = Line("R1", Money(-3900, "CNY"), MAY, MAY, "PMNT", (Detail(Money(-3900, "CNY"), "PMNT", "E1"),), "中国移动 话费")
CAMT = write(
    "M1", NOON.replace(tzinfo=UTC),
    [Statement("S1", 1, "6217000000001234", "林", NOON.replace(tzinfo=UTC), MAY, yuan("100.00"), yuan("61.00"), (LINE,))],
)  # fmt: skip
EXPECTED = {"housing": "500.00", "groceries": "88.00", "food": "40.00", "wages": "5771.00"}


def test_two_files_in_any_order_tell_one_life(her: Her, bank: Bank) -> None:
    assert her.bring(BILL).accounts[0].added == 4 and her.sums()["food"] == "40.00"
    assert her.bring(BANK).accounts[0].added == 4
    found = her.spent()
    assert her.sums() == EXPECTED, "neither the top-up nor the meal is counted twice"
    assert (str(found.came_in), str(found.went_out), found.within, found.met) == ("CNY 5,771.00", "CNY 628.00", 1, 2)
    assert sum(each.changed.minor for each in found.places) == (found.came_in - found.went_out).minor
    assert found.doubtful == ()
    other = Her(bank, 1)
    other.bring(BANK)
    other.bring(BILL)
    assert other.spent().categories == found.categories and other.spent().flows
    assert [each.added for each in (*her.bring(BILL).accounts, *her.bring(BANK).accounts)] == [0, 0], (
        "again adds nothing"
    )


def test_camt_is_brought_and_is_not_brought_beside_its_own_table(her: Her) -> None:
    her.bring(CAMT)
    assert her.sums() == {"utilities": "39.00"}
    assert her.refused(BANK) == "home.other_form"


def test_the_wallet_here_is_part_of_it_and_a_top_up_from_a_brought_card_is_within(her: Her, bank: Bank) -> None:
    bank.run(payments.open_wallet, OpenWallet(her.party))
    bank.run(payments.top_up, MoveByRail(her.party, yuan("80.00"), "6222021234561234"))
    (moved,) = bank.read(lambda tx: activity.activity_file(tx, her.party)).movements
    month = f"{moved.recorded_at:%Y-%m}"
    alone = her.spent(month)
    assert [(each.place, str(each.changed)) for each in alone.places] == [
        ("clearing:1234", "CNY -80.00"),
        ("here", "CNY 80.00"),
    ]
    her.bring(boc([(f"{moved.recorded_at:%Y-%m-%d} 23:00:00", "-80.00", "网上支付", "某清算")]))
    found = her.spent(month)
    assert (found.came_in.minor, found.went_out.minor, found.met, found.within) == (0, 0, 1, 1), (
        "it is one movement of her own"
    )


def test_her_word_counts_for_all_that_are_alike_and_for_those_to_come(her: Her) -> None:
    her.bring(BANK)
    (row,) = [each for each in her.listed() if each.other == "永辉超市"]
    done = her.bank.run(home.categorise, Categorise(her.party, row.row_id, "shopping"), actor=her.actor)
    assert done.rows == 1 and her.sums()["shopping"] == "88.00" and "groceries" not in her.sums()
    her.bring(boc([("2026-05-09 20:00:00", "-12.00", "消费", "永辉超市")]))
    assert her.sums()["shopping"] == "100.00"
    for category, code in (("wages", "home.unknown_category"), ("nonsense", "home.unknown_category")):
        with pytest.raises(Refusal) as caught:
            her.bank.run(home.categorise, Categorise(her.party, row.row_id, category), actor=her.actor)
        assert caught.value.code == code
    with pytest.raises(Refusal) as caught:
        her.bank.run(home.categorise, Categorise(her.party, "none", "food"), actor=her.actor)
    assert caught.value.code == "home.unknown_row"


def test_pages_of_movements_go_on_to_the_last(her: Her) -> None:
    her.bring(BANK)
    first = her.bank.kernel.ask(reading.movements, her.party, "2026-05", limit=3, actor=her.actor)
    rest = her.bank.kernel.ask(
        reading.movements, her.party, "2026-05", limit=3, cursor=first.next_cursor, actor=her.actor
    )
    assert [len(first.movements), len(rest.movements), rest.next_cursor] == [3, 1, None]
    assert len({each.row_id for each in (*first.movements, *rest.movements)}) == 4


def test_taken_back_it_is_gone_with_her_word(her: Her) -> None:
    her.bring(BILL)
    (account,) = her.bring(BANK).accounts
    gone = her.bank.run(home.take_back, TakeBackMoney(her.party, account.account_id), actor=her.actor)
    assert (gone.accounts, gone.rows) == (1, 4) and "wages" not in her.sums()
    with pytest.raises(Refusal) as caught:
        her.bank.run(home.take_back, TakeBackMoney(her.party, account.account_id), actor=her.actor)
    assert caught.value.code == "home.unknown_account"
    her.bank.run(home.take_back, TakeBackMoney(her.party), actor=her.actor)
    assert her.spent().categories == () and her.bank.kernel.ask(reading.accounts, her.party, actor=her.actor) == []


def test_it_is_hers_alone(her: Her, bank: Bank) -> None:
    her.bring(BANK)
    other = Her(bank, 1)
    for role in ("operator", "risk", "auditor", "teller", "security"):
        staff = Actor(f"login:{role}", ROLES[role])
        with pytest.raises(Refusal) as caught:
            bank.kernel.ask(reading.spent, her.party, actor=staff)
        assert caught.value.code == "kernel.forbidden"
    with pytest.raises(Refusal) as caught:
        bank.kernel.ask(reading.spent, her.party, actor=other.actor)
    assert caught.value.code == "kernel.not_yours"


def test_what_is_refused_leaves_nothing(her: Her) -> None:
    assert her.refused(BANK, agreed=False) == "home.not_agreed"
    assert (
        her.refused("交易日期,交易说明,交易币种/金额,入账币种/金额\n2025-01-10,消费 美团,CNY 1.00,CNY 1.00\n".encode())
        == "home.tail_missing"
    )
    assert her.refused(b"nothing that is known, at, all, here") == "credit.bill_foreign"
    assert her.bank.kernel.ask(reading.accounts, her.party, actor=her.actor) == []
