"""What moved in a wallet: found by words, kind and month, with sums; one movement as a receipt; the balance day by day."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from farthing.identity.rules import actor_of
from farthing.kernel.day import close_day
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import Money
from farthing.parties.model import Party
from farthing.payments import service as payments
from farthing.payments.activity import papers
from farthing.payments.activity import service as activity
from farthing.payments.activity import statement_service as statements
from farthing.payments.activity.model import Activity
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.signing.typesetting import AT_ONCE, typesetter
from tests.conftest import Bank
from tests.hands import city
from tests.parties.people import register_person

CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


@pytest.fixture
def ann(bank: Bank) -> Party:
    """Somebody with a top-up of 100.00, then three payments to Bob, of 1, 2 and 3 yuan, and one back of 50 fen."""
    ann, bob = (register_person(bank, number) for number in (1, 2))
    for each in (ann, bob):
        bank.run(payments.open_wallet, OpenWallet(each.id))
    bank.run(payments.top_up, MoveByRail(ann.id, yuan("100.00"), CARD))
    for number, memo in enumerate(("noodles", "rent 50%", "Noodles again"), 1):
        bank.run(payments.transfer, Transfer(ann.id, bob.id, yuan(f"{number}.00"), memo))
    bank.run(payments.transfer, Transfer(bob.id, ann.id, yuan("0.50"), "change"))
    return ann


def look(bank: Bank, party: Party, **asked: object) -> Activity:
    herself = actor_of(f"customer:{party.short_id}", "customer", party.id)
    found: Activity = bank.kernel.ask(activity.activity, party.id, actor=herself, **asked)
    return found


def test_the_words_of_a_memo_are_found_and_summed(bank: Bank, ann: Party) -> None:
    found = look(bank, ann, q="noodles")
    assert [each.memo for each in found.movements] == ["Noodles again", "noodles"]
    assert (found.count, found.went_out, found.came_in) == (2, yuan("4.00"), yuan("0.00"))
    assert [each.memo for each in look(bank, ann, q="50%").movements] == ["rent 50%"], "a sign of SQL is a sign"
    assert look(bank, ann, q="_").count == 0


def test_a_kind_is_what_people_look_for_together(bank: Bank, ann: Party) -> None:
    assert look(bank, ann, kind="people").came_in == yuan("0.50")
    banks = look(bank, ann, kind="banks")
    assert (banks.count, banks.came_in) == (1, yuan("100.00"))
    assert (banks.movements[0].other, banks.movements[0].memo) == ("****0123", "")
    assert look(bank, ann, kind="loans").movements == ()


def test_a_movement_says_who_masked_and_never_an_id(bank: Bank, ann: Party) -> None:
    first = look(bank, ann).movements[0]
    assert (first.other, first.amount, first.balance) == ("*美", yuan("0.50"), yuan("94.50"))
    history = bank.read(lambda tx: payments.history(tx, ann.id))
    assert history.movements == look(bank, ann).movements
    assert not any("party_" in each.other + each.memo + each.number for each in history.movements)


def test_months(bank: Bank, ann: Party) -> None:
    today = bank.kernel.clock().business_date
    assert look(bank, ann, month=f"{today:%Y-%m}").count == 5
    assert look(bank, ann, month="2020-02").count == 0
    assert look(bank, ann, month="2020-02").until.day == 29


def test_pages_go_on_where_the_one_before_ended_and_the_sums_are_of_all(bank: Bank, ann: Party) -> None:
    first = look(bank, ann, limit=2)
    second = look(bank, ann, limit=2, cursor=first.next_cursor)
    third = look(bank, ann, limit=2, cursor=second.next_cursor)
    seen = [each.entry_reference for page in (first, second, third) for each in page.movements]
    assert seen == [each.entry_reference for each in look(bank, ann).movements] and third.next_cursor is None
    assert first.went_out == third.went_out == yuan("6.00")


def test_a_receipt_is_of_ones_own_movement(bank: Bank, ann: Party) -> None:
    movement = look(bank, ann, q="rent").movements[0]
    told = bank.read(lambda tx: activity.receipt(tx, ann.id, movement.entry_reference))
    assert (told.amount, told.other, told.memo, told.number) == (yuan("-2.00"), "*美", "rent 50%", movement.number)
    other = register_person(bank, 3)
    for reference in (movement.entry_reference, "nothing"):
        with pytest.raises(Refusal) as caught:
            bank.kernel.ask(activity.receipt, other.id, reference, actor=actor_of("customer:c", "customer", other.id))
        assert caught.value.code == "payments.unknown_movement"


def test_the_balance_of_each_day_with_its_lowest(bank: Bank, ann: Party) -> None:
    first = bank.kernel.clock().business_date
    close_day(bank.kernel)
    close_day(bank.kernel)
    bank.run(payments.pay_out, MoveByRail(ann.id, yuan("90.00"), CARD))
    bank.run(payments.top_up, MoveByRail(ann.id, yuan("5.50"), CARD))
    told = bank.read(lambda tx: activity.balances(tx, ann.id))
    today = bank.kernel.clock().business_date
    assert [(each.on, each.lowest, each.last) for each in told] == [
        (first, yuan("94.00"), yuan("94.50")), (today, yuan("4.50"), yuan("10.00"))
    ]  # fmt: skip
    assert len(bank.read(lambda tx: activity.balances(tx, ann.id, 0))) == 2, (
        "what was before stands under the day before"
    )


def test_a_page_of_the_file_reads_no_more_than_it_tells(
    bank: Bank, ann: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page once read two thousand postings for the thousand it told, and made entries of all of them."""
    read: list[int] = []
    kept = activity.ledger.within

    def counted(*arguments: Any, **named: Any) -> Any:
        lines, more = kept(*arguments, **named)
        read.append(len(lines))
        return lines, more

    monkeypatch.setattr(activity.ledger, "within", counted)
    page = bank.read(lambda tx: activity.activity_file(tx, ann.id, limit=2))
    assert len(page.movements) == 2 and page.next_cursor and read == [3]
    assert [each.memo for each in bank.read(lambda tx: activity.activity_file(tx, ann.id, q="noodles")).movements]


def test_a_month_as_a_paper_adds_up(bank: Bank, ann: Party) -> None:
    city(bank)
    today = bank.kernel.clock().business_date
    pdf = bank.read(lambda tx: statements.statement(tx, ann.id, f"{today:%Y-%m}"))
    assert pdf.startswith(b"%PDF-1.7")
    with pytest.raises(Refusal) as caught:
        bank.read(lambda tx: statements.statement(tx, ann.id, f"{today.year + 1}-01"))
    assert caught.value.code == "payments.bad_month"
    empty = bank.read(lambda tx: statements.statement(tx, ann.id, f"{today.year - 1}-01"))
    assert empty.startswith(b"%PDF")


def test_a_busy_month_is_told_by_its_days(bank: Bank, ann: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand movements of a fen would be 43 seconds and 10 MB of paper, as often as anybody asks."""
    city(bank)
    first = bank.kernel.clock().business_date
    close_day(bank.kernel)
    bank.run(payments.pay_out, MoveByRail(ann.id, yuan("90.00"), CARD))
    month = f"{first:%Y-%m}"
    whole = bank.read(lambda tx: statements.of_month(tx, ann.id, month))
    monkeypatch.setattr(statements, "MOST_LINES", len(whole.lines) - 1)
    days = bank.read(lambda tx: statements.of_month(tx, ann.id, month))
    assert (days.opening, days.came_in, days.went_out, days.closing) == (
        whole.opening, whole.came_in, whole.went_out, whole.closing
    )  # fmt: skip
    assert [(each.on, each.what.en, each.other, each.amount, each.balance) for each in days.lines] == [
        (first, "5 movements", "+100.50 / \u22126.00", yuan("94.50"), yuan("94.50")),
        (bank.kernel.clock().business_date, "1 movement", "+0.00 / \u221290.00", yuan("-90.00"), yuan("4.50")),
    ]
    assert bank.read(lambda tx: statements.statement(tx, ann.id, month)).startswith(b"%PDF")


def test_who_asks_for_papers_again_and_again_holds_no_sessions_waiting(bank: Bank, ann: Party) -> None:
    city(bank)
    setter = typesetter(papers._TEMPLATE, AT_ONCE)
    month = f"{bank.kernel.clock().business_date:%Y-%m}"
    with ExitStack() as others:
        for _ in range(AT_ONCE):
            others.enter_context(setter._seat())
        with pytest.raises(Refusal) as caught:
            bank.read(lambda tx: statements.statement(tx, ann.id, month))
    assert caught.value.code == "signing.papers_busy"
    assert bank.read(lambda tx: statements.statement(tx, ann.id, month)).startswith(b"%PDF")


def test_a_statement_whose_sums_differ_is_not_printed() -> None:
    day, nothing = date(2026, 6, 1), yuan("0.00")
    with pytest.raises(InvariantBroken):
        papers.WalletStatement(
            "1", papers.Institution("bank"), "Ann", day, day, day, nothing, nothing, nothing, yuan("1.00"), ()
        )
