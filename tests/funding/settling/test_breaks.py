"""A partner's own file against our books, on a real database: compared once, each break kept, named and worked off."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, timedelta

import pytest

from farthing.bank.founding import SECOND
from farthing.funding.settling import breaks_rules as rules
from farthing.funding.settling import breaks_service as service
from farthing.funding.settling import files
from farthing.funding.settling import service as settling
from farthing.funding.settling.breaks_model import Break, Reconcile, Reconciled, WorkOff
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.iso20022 import writer
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.reconciling.matching import Difference
from tests.funding.lenders import two_lenders
from tests.funding.test_lenders import ACCOUNT
from tests.lending.house import House, yuan
from tests.payments.iso20022.statements import MADE
from tests.payments.reconciling.test_matching import closed, paid


def settled(database_url: str) -> tuple[House, list[Statement]]:
    """Two closed days: the partner's part of a loan was advanced, and the transfer for it came."""
    house, _ = two_lenders(database_url)
    first = house.today
    for _ in range(2):
        close_day(house.bank.kernel)
    return house, [
        house.bank.read(lambda tx, on=on: settling.told(tx, "harvest", on)) for on in (first, first + timedelta(days=1))
    ]


def sent(content: bytes, **about: object) -> Reconcile:
    return Reconcile(base64.b64encode(content).decode(), **about)  # type: ignore[arg-type]


def bring(house: House, told: Statement) -> Reconciled:
    found: Reconciled = house.bank.run(service.reconcile, sent(files.to_csv(told)))
    return found


def added(minor: int, like: Statement) -> Line:
    return Line("theirs-1", Money(minor, "CNY"), like.on, like.on, "fee")


def test_our_own_files_are_told_alike_in_both_forms_and_the_same_file_answers_the_same(database_url: str) -> None:
    house, (first, second) = settled(database_url)
    for told in (first, second):
        found = bring(house, told)
        assert (found.day.lines, found.day.matched, found.breaks) == (1, 1, ())
        assert found.day.ours == found.day.theirs == told.closing and not found.day.opening
        assert bring(house, told) == found
    camt = house.bank.run(service.reconcile, sent(writer.write("m", second.made_at, [second])))
    assert camt.day.matched == 1 and camt.day.digest != found.day.digest and camt.breaks == ()
    days = house.bank.read(lambda tx: service.reconciliations(tx, "harvest"))
    assert [each.on for each in days] == [second.on, first.on]


def test_breaks_are_kept_and_another_file_of_the_day_ends_those_that_it_does_not_have(database_url: str) -> None:
    house, (first, _) = settled(database_url)
    (line,) = first.lines
    wrong = closed(first, paid(line, Money(line.amount.minor + 100, "CNY")), added(-7, first))
    found = bring(house, wrong)
    assert [(each.kind, each.difference.minor) for each in found.breaks] == [("amount", 100), ("missing_here", -7)]
    assert found.day.matched == 0 and (found.day.theirs - found.day.ours).minor == 93
    assert [each.state for each in found.breaks] == ["open", "open"]
    told = house.bank.read(service.breaks).breaks  # found at one instant, they are told by their ids
    assert told == tuple(sorted(found.breaks, key=lambda each: each.id))
    amount, fee = found.breaks
    house.bank.run(service.work_off, WorkOff(fee.id, "their fee of the month, as agreed"))

    better = bring(house, closed(first, line, added(-7, first)))
    (kept,) = better.breaks
    assert (kept.id, kept.state, kept.reason) == (fee.id, "worked_off", "their fee of the month, as agreed")
    assert house.bank.read(service.breaks).breaks == ()
    assert house.bank.read(lambda tx: service.store.one(tx, amount.id)).state == "gone"
    again = bring(house, wrong)
    assert [(each.id, each.state) for each in again.breaks] == [(amount.id, "open"), (fee.id, "worked_off")]
    assert house.bank.read(lambda tx: service.breaks(tx, amount.id)).breaks == ()
    with house.bank.superuser() as peek:
        assert peek.execute("SELECT count(*) FROM funding_partner_file").fetchone() == (2,)


def test_a_break_is_worked_off_once_with_a_reason_and_two_persons_where_money_moves(database_url: str) -> None:
    house, (first, _) = settled(database_url)
    fee, none = bring(
        house, closed(first, *first.lines, added(-700, first), replace(added(0, first), reference="t2"))
    ).breaks
    refused = house.refused
    assert refused(service.work_off, WorkOff("break_nothing", "why")) == "funding.unknown_break"
    assert refused(service.work_off, WorkOff(fee.id, "  ")) == "funding.break_reason_missing"
    before = house.bank.read(lambda tx: ledger.balance(tx, ACCOUNT)).owed()
    assert refused(service.work_off, WorkOff(none.id, "nothing", correct=True)) == "funding.nothing_to_correct"
    done = house.bank.run(service.work_off, WorkOff(fee.id, "their fee, which we had not booked", correct=True))
    assert isinstance(done, Pending)
    assert house.bank.read(lambda tx: ledger.balance(tx, ACCOUNT)).owed() == before
    house.bank.run(approvals.decide, Decide(done.approval_id, approve=True), actor=SECOND)
    assert house.bank.read(lambda tx: ledger.balance(tx, ACCOUNT)).owed() - before == yuan("7")
    assert house.bank.read(lambda tx: ledger.balance(tx, "assets:settlement:differences")).owed() == -yuan("7")
    (corrected, _) = house.bank.read(lambda tx: service.reconciliation(tx, "harvest", first.on)).breaks
    assert (corrected.state, corrected.corrected) == ("worked_off", True)
    assert refused(service.work_off, WorkOff(fee.id, "again")) == "funding.break_ended"

    day = house.today
    close_day(house.bank.kernel)
    told = house.bank.read(lambda tx: settling.told(tx, "harvest", day))
    assert [(line.what, line.amount) for line in told.lines] == [("settlement-correction", -yuan("7"))]


def test_a_line_of_another_day_is_named_so(database_url: str) -> None:
    """The partner books the transfer a day late: in its file of the first day it is not, in that of the second it is."""
    house, (first, second) = settled(database_url)
    early = closed(first, *first.lines, *second.lines)
    (moved,) = bring(house, early).breaks
    assert moved.kind == "wrong_day" and moved.ours is None
    late = closed(replace(second, opening=early.closing))
    (missed,) = bring(house, replace(late, lines=(), closing=early.closing)).breaks
    assert missed.kind == "wrong_day" and missed.theirs is None
    assert (moved.difference + missed.difference).minor == 0


def test_two_differences_are_two_breaks_whatever_signs_their_texts_have() -> None:
    """A file says what it likes in its texts: no text of one difference makes it another, whose fate it would have."""
    day = date(2027, 1, 5)

    def of(reference: str, minor: int, loan: str) -> Difference:
        amount = Money(minor, "CNY")
        return Difference(
            "missing_here", None, Line(reference, amount, day, day, "z", (Detail(amount, concerns=loan),))
        )

    one = of("x", 100, "y|CNY 5.00|2027-01-05|z")
    other = of("x|CNY 1.00|2027-01-05|y", 500, "z")
    ids = {rules.breaks("harvest", day, [each], "CNY", MADE)[0].id for each in (one, other)}
    assert len(ids) == 2


WRONG: list[tuple[dict[str, object], dict[str, object], str]] = [
    ({"account": "spring"}, {"partner": "harvest"}, "iso20022.other_account"),
    ({"account": "nobody"}, {}, "funding.no_statement"),
    ({"on": -1}, {}, "funding.no_statement"),
    ({}, {"on": 1}, "funding.file_of_another_day"),
    ({"opening": 100}, {}, "iso20022.opening_differs"),
    ({"number": 7}, {}, "iso20022.gap"),
    ({"currency": "USD"}, {}, "iso20022.other_currency"),
]


def test_a_file_that_is_not_of_the_day_account_and_partner_is_refused(database_url: str) -> None:
    house, (first, second) = settled(database_url)
    bring(house, first)
    for changed, about, code in WRONG:
        told = second
        if "currency" in changed:
            told = replace(told, opening=Money(0, "USD"), closing=Money(0, "USD"), lines=())
        elif "opening" in changed:
            told = closed(replace(told, opening=Money(told.opening.minor + 100, "CNY")))
        elif "on" in changed:
            told = replace(told, on=told.on + timedelta(days=400))
        else:
            told = replace(told, **changed)  # type: ignore[arg-type]
        given = {**about, **({"on": told.on + timedelta(days=1)} if "on" in about else {})}
        assert house.refused(service.reconcile, sent(files.to_csv(told), **given)) == code
    both = writer.write("m", second.made_at, [first, second])
    assert house.refused(service.reconcile, sent(both)) == "funding.file_of_several_days"
    assert house.refused(service.reconcile, Reconcile("?")) == "funding.file_not_base64"
    assert house.refused(service.reconcile, sent(b"nothing")) == "funding.bad_file"
    with pytest.raises(Refusal) as caught:
        house.bank.read(lambda tx: service.reconciliation(tx, "harvest", second.on))
    assert caught.value.code == "funding.not_reconciled"
    assert house.bank.read(service.breaks).breaks == ()


def test_breaks_are_told_a_page_at_a_time(database_url: str) -> None:
    house, (first, _) = settled(database_url)
    lines = [replace(added(-n, first), reference=f"t{n}") for n in range(1, 6)]
    bring(house, closed(first, *first.lines, *lines))
    told: list[Break] = []
    after = ""
    while True:
        page = house.bank.read(lambda tx, after=after: service.breaks(tx, after, 2))
        told += page.breaks
        if page.next_after is None:
            break
        after = page.next_after
    assert sorted(each.reference for each in told) == ["t1", "t2", "t3", "t4", "t5"]
    with pytest.raises(Refusal) as caught:
        house.bank.read(lambda tx: service.breaks(tx, "break_none"))
    assert caught.value.code == "funding.unknown_break"
