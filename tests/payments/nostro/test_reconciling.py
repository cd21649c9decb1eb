"""Our account at a rail three ways, with a real bank at the other end: each break by its name, closed by itself or worked off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from farthing.bank.founding import SECOND
from farthing.kernel import approvals, errands
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.iso20022 import reader
from farthing.payments.iso20022.model import CHARGE, Detail, Line, Statement
from farthing.payments.life.suspense_service import suspense
from farthing.payments.nostro import breaks_service, service
from farthing.payments.nostro.audit_service import verify_nostro
from farthing.payments.nostro.model import AskReport, BringStatement, RailBreak, WorkOffRail
from farthing.town.sandbox_bank import SandboxBank
from tests.conftest import Bank
from tests.payments.life.house import ACCEPTS, cny, refused
from tests.payments.nostro.peers import Nostro, closed, nostro_of


@pytest.fixture
def nostro(bank: Bank) -> Iterator[Nostro]:
    with nostro_of(bank) as found:
        yield found


def told(nostro: Nostro, on: object) -> Statement:
    """The statement of a day, as the bank writes it."""
    (found,) = reader.read(nostro.peer.bank.statement(on))  # type: ignore[arg-type]
    return found


def corrected(nostro: Nostro, found: RailBreak) -> None:
    """Put our books right by a break: one asks, another agrees."""
    asked = nostro.bank.run(breaks_service.work_off, WorkOffRail(found.id, "as they have it", correct=True))
    assert isinstance(asked, Pending)
    nostro.bank.run(approvals.decide, Decide(asked.approval_id, approve=True), actor=SECOND)


def test_a_day_that_both_tell_alike(nostro: Nostro) -> None:
    nostro.house.pay_out(300)
    nostro.house.top_up(500)
    nostro.house.pay_out(200, ACCEPTS)
    nostro.house.settle()
    on = nostro.close()
    found = nostro.day(on)
    assert (found.day.lines, found.day.final, found.day.number, found.day.matched) == (3, True, 2, 3)
    assert found.breaks == () and found.day.ours == found.day.theirs == cny(100_000)
    nostro.proven(on)
    again = nostro.bring(told(nostro, on), told(nostro, on + timedelta(days=1)))
    assert again.known == 1 and [each.on for each in again.days] == [on, on + timedelta(days=1)]
    (standing,) = nostro.bank.read(breaks_service.rails)
    assert (standing.ours, standing.open, standing.under_way, standing.told_by_itself) == (cny(100_000), 0, 0, True)


def test_twice_is_a_duplicate_that_stands_until_they_give_it_back(nostro: Nostro) -> None:
    nostro.peer.control({"moods": ["twice"]})
    made = nostro.house.pay_out(300)
    nostro.house.settle()
    assert nostro.house.kinds(made.id) == ["settled"]
    on = nostro.close()
    (twice,) = nostro.day(on).breaks
    assert (twice.kind, twice.difference.minor, twice.payment_id) == ("duplicate", -300, made.id)
    nostro.proven(on)
    nostro.bank.run(breaks_service.work_off, WorkOffRail(twice.id, "they give it back tomorrow"))
    later = nostro.close()
    (stands,) = nostro.day(later).breaks
    assert (stands.id, stands.state, stands.kind) == (twice.id, "worked_off", "duplicate")
    nostro.proven(later)
    assert nostro.open() == ()


def test_a_line_that_is_missing_is_not_there_yet_and_goes_with_the_next_statement(nostro: Nostro) -> None:
    nostro.house.pay_out(300)
    nostro.house.pay_out(400)
    nostro.peer.control({"gap": "line"})
    on = nostro.close()
    (missing,) = nostro.day(on).breaks
    assert (missing.kind, missing.difference.minor, missing.state) == ("timing", 400, "open")
    nostro.proven(on)
    later = nostro.close()
    assert nostro.day(later).breaks == () and nostro.open() == ()
    nostro.proven(later)
    assert [each.id for each in nostro.day(on).breaks] == [missing.id]  # as it stood at the end of that day


def test_a_day_that_is_missing_is_a_gap_until_it_is_found(nostro: Nostro) -> None:
    nostro.close()
    nostro.house.pay_out(300)
    nostro.peer.control({"gap": "day"})
    lost = nostro.close()
    nostro.house.pay_out(400)
    after = nostro.close()
    waiting = {each.id: each.problem for each in nostro.bank.read(errands.unanswered)}
    assert waiting[f"statement:sandbox:{lost}"] == "no statement yet"
    assert "iso20022.gap" in waiting[f"statement:sandbox:{after}"]
    (standing,) = nostro.bank.read(breaks_service.rails)
    assert standing.waits_for == lost
    nostro.peer.control({"gap": "found"})
    errands.sweep(nostro.bank.kernel, everything=True)
    errands.sweep(nostro.bank.kernel, everything=True)
    assert nostro.bank.read(errands.unanswered) == []
    nostro.proven(lost)
    nostro.proven(after)


def test_what_the_rail_never_booked_is_timing_then_missing_and_is_taken_out_of_our_books_by_two(nostro: Nostro) -> None:
    made = nostro.house.pay_out(300)
    nostro.peer.bank.account.bookings.pop()
    on = nostro.close()
    kinds = [nostro.kinds(on)]
    for _ in range(5):  # over a weekend, which is no time in which a line may come
        on = nostro.close()
        kinds.append(nostro.kinds(on))
    assert kinds[0] == ["timing"] and kinds[-1] == ["missing_there"]
    (missing,) = nostro.open()
    assert (missing.ours, missing.payment_id, missing.age_days, missing.old) == (cny(-300), made.id, 6, True)
    corrected(nostro, missing)
    assert nostro.bank.read(lambda tx: ledger.balance(tx, "assets:settlement:differences")).owed() == cny(-300)
    (stands,) = nostro.day(on).breaks
    assert (stands.id, stands.state, stands.corrected) == (missing.id, "worked_off", True)
    later = nostro.close()
    assert nostro.day(later).breaks == () and nostro.day(later).day.ours == nostro.day(later).day.theirs
    nostro.proven(later)


def test_money_that_only_the_statement_tells_goes_to_suspense_once(nostro: Nostro) -> None:
    nostro.close()
    nostro.peer.control({"tell": "arrived", "minor": 5_000, "currency": "CNY", "told": "rent"})
    on = nostro.close()
    (unknown,) = nostro.day(on).breaks
    assert (unknown.kind, unknown.difference, unknown.what) == ("unknown", cny(5_000), "ARRIVED")
    corrected(nostro, unknown)
    (item,) = nostro.bank.read(suspense)
    assert item.amount == cny(5_000)
    nostro.house.settle()  # and now its notice is heard
    assert nostro.house.books()["suspense"] == 5_000 and len(nostro.bank.read(suspense)) == 1
    later = nostro.close()
    assert nostro.day(later).breaks == () and nostro.open() == ()
    nostro.proven(on)
    nostro.proven(later)


def test_a_statement_tells_how_a_payment_ended_that_nobody_answered_for(nostro: Nostro) -> None:
    nostro.peer.control({"moods": ["mute"]})
    made = nostro.house.pay_out(300)
    nostro.peer.control({"moods": ["loses"] * 9})
    on = nostro.close()
    assert nostro.kinds(on) == ["timing"]
    assert nostro.house.payment(made.id).state == "settled"
    life = nostro.house.kinds(made.id)
    assert life == ["unknown", "settled"]
    later = nostro.close()
    assert nostro.day(later).breaks == ()
    nostro.proven(on)
    nostro.proven(later)


def test_reports_of_today_are_compared_whatever_they_overlap(nostro: Nostro) -> None:
    nostro.close()
    nostro.house.pay_out(300)
    nostro.bank.run(breaks_service.ask_report, AskReport("sandbox"))
    errands.sweep(nostro.bank.kernel, everything=True)
    today = nostro.today
    first = nostro.day(today)
    assert (first.day.final, first.day.lines, first.breaks) == (False, 1, ())
    report = nostro.peer.bank.report()
    assert nostro.bring_file(report).known == 0  # another file of the same: compared again
    assert nostro.bring_file(report).known == 1
    nostro.peer.control({"tell": "arrived", "minor": 70, "currency": "CNY"})
    nostro.house.top_up(500)
    (early,) = nostro.bring_file(nostro.peer.bank.report()).days
    assert (early.lines, early.standing) == (3, cny(70))
    on = nostro.close()
    assert on == today and nostro.day(on).day.final and nostro.kinds(on) == ["unknown"]
    nostro.proven(on)


def test_what_is_no_statement_of_ours_is_refused_and_nothing_is_taken(nostro: Nostro) -> None:
    nostro.house.pay_out(300)
    first = nostro.close()
    good = told(nostro, first)
    nostro.house.pay_out(400)
    second = nostro.today
    nostro.peer.control({"gap": "day"})
    nostro.close()
    nostro.peer.control({"gap": "found"})
    fresh = told(nostro, second)
    line = good.lines[0]
    other = closed(good, replace(line, amount=cny(-301), details=()))
    cases = [
        (replace(fresh, account="SOMEBODY"), "iso20022.other_account"),
        (closed(fresh, opening=5), "iso20022.opening_differs"),
        (replace(fresh, number=fresh.number + 1), "iso20022.gap"),  # type: ignore[operator]
        (other, "payments.statement_changed"),
        (replace(closed(good, opening=7)), "payments.statement_changed"),
        (replace(good, on=first - timedelta(days=9)), "payments.statement_too_late"),
        (replace(fresh, on=second + timedelta(days=9)), "payments.statement_of_a_day_to_come"),
        (replace(fresh, opening=Money(0, "USD"), closing=Money(0, "USD"), lines=()), "iso20022.other_currency"),
    ]
    for wrong, code in cases:
        assert refused(nostro.bring, wrong) == code, code
    assert refused(nostro.bank.run, service.bring_statement, BringStatement("sandbox", "?")) == (
        "payments.statement_not_base64"
    )
    assert refused(nostro.bank.run, service.bring_statement, BringStatement("nowhere", "PGEvPg==")) == (
        "iso20022.other_message"
    )
    assert nostro.bring(good, fresh).known == 1
    nostro.proven(second)


def test_an_amount_that_differs_and_a_fee_of_the_rail(nostro: Nostro) -> None:
    nostro.house.pay_out(300)
    on = nostro.today
    nostro.peer.control({"gap": "day"})
    nostro.close()
    nostro.peer.control({"gap": "found"})
    good = told(nostro, on)
    (line,) = good.lines
    paid = replace(line, amount=cny(-310), details=tuple(replace(each, amount=cny(-310)) for each in line.details))
    fee = Line("FEE-1", cny(-5), on, on, "FEE")
    nostro.bring(closed(good, paid, fee))
    assert nostro.kinds(on) == ["amount", "unknown"]
    nostro.proven(on)
    for each in nostro.open():
        corrected(nostro, each)
    assert nostro.bank.read(lambda tx: ledger.balance(tx, "assets:settlement:differences")).owed() == cny(15)
    nostro.proven(on)
    one = nostro.day(on).breaks[0]
    work_off = breaks_service.work_off
    assert refused(nostro.bank.run, work_off, WorkOffRail(one.id, "again")) == "payments.break_ended"
    assert refused(nostro.bank.run, work_off, WorkOffRail("break_nothing", "why")) == "payments.unknown_break"
    assert (
        refused(nostro.bank.read, lambda tx: breaks_service.breaks(tx, after="break_none")) == "payments.unknown_break"
    )
    assert refused(nostro.day, on + timedelta(days=40)) == "payments.rail_not_reconciled"


def test_one_reference_for_all_a_charge_within_and_another_currency_within(nostro: Nostro) -> None:
    """A keeper that numbers all lines alike tells each of them; what it charged, and what was paid abroad, is told so."""
    for minor in (300, 400, 500):
        nostro.house.pay_out(minor)
    on = nostro.today
    nostro.peer.control({"gap": "day"})
    nostro.close()
    nostro.peer.control({"gap": "found"})
    good = told(nostro, on)
    one, two, three = (replace(each, reference="ALIKE") for each in good.lines)
    fee = Line("ALIKE", cny(-5), on, on, "FEE")
    charged = replace(three, amount=cny(-507), details=(*three.details, Detail(cny(-7), CHARGE)))
    abroad = Line("ABROAD", cny(-710), on, on, "CARD", (Detail(Money(-50, "USD")), Detail(Money(-50, "USD"))))
    nostro.bring(closed(good, fee, one, two, charged, abroad, fee))
    assert sorted((each.kind, each.what, each.difference.minor) for each in nostro.day(on).breaks) == [
        ("duplicate", "FEE", -5), ("unknown", "CARD", -710), ("unknown", CHARGE, -7), ("unknown", "FEE", -5),
    ]  # fmt: skip
    assert nostro.day(on).day.matched == 3
    nostro.proven(on)


def test_what_moves_nothing_is_not_corrected_and_a_rail_without_a_channel_is_not_asked(nostro: Nostro) -> None:
    nostro.close()
    on = nostro.today
    nostro.peer.control({"gap": "day"})
    nostro.close()
    nostro.peer.control({"gap": "found"})
    good = told(nostro, on)
    nostro.bring(closed(good, Line("NOUGHT", cny(0), on, on, "NOTE")))
    (nothing,) = nostro.open()
    work_off, bank = breaks_service.work_off, nostro.bank
    assert refused(bank.run, work_off, WorkOffRail(nothing.id, "so", correct=True)) == "payments.nothing_to_correct"
    assert refused(bank.run, work_off, WorkOffRail(nothing.id, " ")) == "payments.break_reason_missing"
    bank.kernel.ports = bank.kernel.ports.with_peer("rail", "other", nostro.house.rail)
    assert refused(bank.run, breaks_service.ask_report, AskReport("other")) == "payments.rail_tells_nothing"


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("UPDATE rail_break SET difference_minor = difference_minor + 1", "rail_day.proof"),
        ("DELETE FROM rail_break", "rail_day.proof"),
        ("UPDATE rail_day SET ours_minor = ours_minor + 1", "rail_day.books"),
        ("UPDATE rail_day SET theirs_minor = theirs_minor + 1", "rail_day.file"),
        ("UPDATE rail_break SET id = 'break_other'", "rail_day.break"),
    ],
)
def test_what_was_changed_behind_the_books_is_found(nostro: Nostro, planted: str, what: str) -> None:
    nostro.house.pay_out(300)
    nostro.peer.control({"gap": "line"})
    nostro.close()
    with nostro.bank.superuser() as peek:
        peek.execute(planted)
    assert what in {each.what for each in nostro.bank.read(verify_nostro).findings}


def test_the_banks_book_is_read_again_with_its_statements(tmp_path: Path) -> None:
    book = tmp_path / "bank.jsonl"
    bank = SandboxBank(book)
    bank.tell("arrived", {"minor": 70, "currency": "CNY"})
    bank.lack("line")
    on = bank.account.day(date(2026, 6, 10))
    bank.statement(on)
    again = SandboxBank(book)
    assert again.account.bookings == bank.account.bookings and again.account.open == bank.account.open
    assert again.account.lost == set()


def test_a_reversal_and_a_batch_are_told_apart_from_what_they_are_of(nostro: Nostro) -> None:
    """Two payments booked as one batch are those two; a line that takes one of them back is a break of its own, the other way."""
    first, second = nostro.house.pay_out(300), nostro.house.pay_out(400)
    on = nostro.today
    nostro.peer.control({"gap": "day"})
    nostro.close()
    nostro.peer.control({"gap": "found"})
    good = told(nostro, on)
    one, two = good.lines
    batch = replace(one, amount=cny(-700), details=(*one.details, *two.details))
    back = replace(one, reference="R-1", amount=cny(300), details=(), reversal=True, what="REVERSAL")
    named = replace(back, reference="R-2", details=(replace(one.details[0], amount=cny(300)),))
    nostro.bring(closed(good, batch, back, named))
    breaks = {each.reference: each for each in nostro.day(on).breaks}
    assert {name: (each.kind, each.payment_id, each.difference.minor) for name, each in breaks.items()} == {
        "R-1": ("taken_back", "", 300), "R-2": ("taken_back", first.id, 300),
    }  # fmt: skip
    assert second.id not in {each.payment_id for each in breaks.values()}
    nostro.proven(on)
