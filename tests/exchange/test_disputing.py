"""Silence decides at the close of the last day, and not before; who read what was wrong is told, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.disputing import rules
from farthing.exchange.disputing.model import SILENT, Dispute, Given
from farthing.exchange.law.model import law_of
from farthing.kit.errors import Refusal

CN, US = law_of("cn").dispute, law_of("us").dispute
DAY = date(2026, 3, 10)
BLANK = Dispute(
    "subject_1", "dispute_1", "line_1", "lender-one", date(2026, 1, 1), "paid_on_time", "", DAY, DAY, DAY, further=False,
    revision=7, outcome=None, finding="", decided_by="", closed_on=None, closed_revision=None,
)  # fmt: skip


def _open(clock=CN, **changed) -> Dispute:
    return rules.opened(clock, replace(BLANK, **changed), DAY, (), ())


def _code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_day_20_is_in_time_and_day_21_is_not():
    it = _open()
    last = DAY + timedelta(days=20)
    assert it.due_on == last
    assert rules.lapsed(it, last - timedelta(days=1), 9) is it
    in_time = rules.answered(it, "confirmed", "checked", "lender-one", last, corrected_at=None, revision=9)
    assert (in_time.outcome, in_time.closed_on, in_time.open) == ("confirmed", last, False)
    with pytest.raises(Refusal) as refused:
        rules.answered(it, "confirmed", "", "lender-one", last + timedelta(days=1), corrected_at=None, revision=9)
    assert _code(refused) == "exchange.dispute_closed"
    lost = rules.lapsed(it, last, 9)
    assert (lost.outcome, lost.decided_by, lost.closed_on) == ("deleted", SILENT, last)
    assert rules.lapsed(lost, last + timedelta(days=1), 10) is lost
    with pytest.raises(Refusal) as refused:
        rules.answered(lost, "confirmed", "", "lender-one", last, corrected_at=None, revision=10)
    assert _code(refused) == "exchange.dispute_closed"


def test_corrected_means_that_something_was_corrected_since():
    it = _open()
    for newest in (None, 7):
        with pytest.raises(Refusal) as refused:
            rules.answered(it, "corrected", "", "lender-one", DAY, corrected_at=newest, revision=9)
        assert _code(refused) == "exchange.dispute_not_corrected"
    assert rules.answered(it, "corrected", "", "lender-one", DAY, corrected_at=8, revision=9).outcome == "corrected"


def test_one_item_is_disputed_once_at_a_time():
    it = _open()
    for period in (date(2026, 1, 1), None):
        with pytest.raises(Refusal) as refused:
            rules.opened(CN, replace(BLANK, period=period), DAY, (), [it])
        assert _code(refused) == "exchange.dispute_open"
    assert rules.opened(CN, replace(BLANK, period=date(2026, 2, 1)), DAY, (), [it]).open
    assert rules.opened(CN, BLANK, DAY, (), [rules.lapsed(it, it.due_on, 9)]).open


def test_further_days_are_given_once_where_the_law_gives_them():
    it = _open(US)
    more = rules.longer(US, it)
    assert more.due_on - it.due_on == timedelta(days=15)
    for clock, which in ((US, more), (CN, _open())):
        with pytest.raises(Refusal) as refused:
            rules.longer(clock, which)
        assert _code(refused) == "exchange.dispute_not_longer"


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_mark_stands_from_the_dispute_to_its_end_and_what_is_deleted_stays_so(opened, took, seen):
    it = replace(BLANK, revision=opened, outcome="deleted", closed_revision=opened + took)
    assert it.marks(seen) == (opened <= seen < opened + took)
    assert it.deletes(seen) == (seen >= opened + took)
    assert not (it.marks(seen) and it.deletes(seen))


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9), st.booleans(), st.integers(1, 3)), max_size=20),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_each_reader_of_the_wrong_version_is_told_once_and_nobody_else(seen, wrong, right):
    views = [
        Given(str(number), who, revision, ("instalment",) if shown else ("revolving",), months, DAY)
        for number, (who, revision, shown, months) in enumerate(seen)
    ]
    told = rules.readers(views, "instalment", date(2026, 1, 1), wrong, right, {"d"})
    assert len(told) == len(set(told))
    saw = {who for who, revision, shown, months in seen if wrong <= revision < right and shown and months == 3}
    assert set(told) == saw - {"d"}
