"""A report shows what is in scope, and no more; what the law hides or a dispute deleted is not there; marks stand beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.disputing.model import Dispute, Statement
from farthing.exchange.inquiring.model import InquirySeen, Scope
from farthing.exchange.inquiring.shaping import shown, stretches
from farthing.exchange.law.model import law_of
from farthing.kit.calendar import add_months, month_end
from tests.exchange.test_disputing import BLANK

CN, US = law_of("cn"), law_of("us")
ALL = frozenset({"instalment", "revolving", "public_record", "inquiry"})
ON = date(2026, 3, 10)


def month(period: str, dpd: int | None = 0) -> dict[str, Any]:
    """A month's figures; a late one is not paid."""
    first = f"{period}-01"
    return {
        "period": period, "as_of": month_end(date.fromisoformat(first)).isoformat(), "dpd": dpd, "due": 50_000,
        "paid": 0 if dpd else 50_000, "first_delinquency_on": first if dpd else None, "closed_on": None,
    }  # fmt: skip


def line(*months: dict[str, Any], ident: str = "line_1", cls: str = "instalment") -> dict[str, Any]:
    """An account of these months, told oldest first and kept newest first, as reports do."""
    return {"id": ident, "class": cls, "currency": "CNY", "months": list(reversed(months))}


def told(lines, *, scope=None, law=CN, revision=9, disputes=(), statements=(), records=(), inquiries=()):
    """What is shown of a report of these."""
    made = {"tradelines": lines, "public_records": list(records)}
    return shown(scope or Scope(ALL, None, ON), law, revision, made, inquiries, disputes, statements)


def periods(report) -> list[list[str]]:
    return [[each["period"] for each in reversed(one["months"])] for one in report["tradelines"]]


def test_only_kinds_and_months_in_scope_are_shown():
    old, new = month("2025-03"), month("2026-02")
    lines = [line(old, new), line(new, ident="line_2", cls="revolving")]
    assert periods(told(lines)) == [["2025-03", "2026-02"], ["2026-02"]]
    assert periods(told(lines, scope=Scope(frozenset({"instalment"}), 12, ON))) == [["2026-02"]]
    assert periods(told(lines, scope=Scope(frozenset({"instalment"}), 13, ON))) == [["2025-03", "2026-02"]]
    record = {"id": "r", "satisfied_on": None}
    at = datetime(2026, 3, 1, tzinfo=UTC)
    asked = InquirySeen("s", "i", "m", "c", "loan_application", (), 1, True, "", "cn", "n", ON, {}, b"", at, 1)
    both = told([], records=[record], inquiries=[asked])
    assert (len(both["public_records"]), len(both["inquiries"])) == (1, 1)
    neither = told([], records=[record], inquiries=[asked], scope=Scope(frozenset({"instalment"}), 12, ON))
    assert (neither["public_records"], neither["inquiries"]) == ([], [])
    old_one = [{"id": "r", "satisfied_on": "2021-03-10"}]
    assert told([], records=old_one)["public_records"] == []
    assert told([], records=old_one, scope=Scope(ALL, None, date(2026, 3, 9)))["public_records"] == old_one


def test_known_and_unknown_are_answered_alike_in_form():
    assert told([line(month("2026-03"))]).keys() == told([]).keys()


def test_arrears_are_stretches_and_an_unknown_month_ends_none():
    late = [month("2025-01"), month("2025-02", 5), month("2025-03", None), month("2025-04", 36), month("2025-05")]
    first, second = stretches(line(*late, month("2025-06", 3)))
    assert first[1] == {date(2025, 2, 1), date(2025, 4, 1)}
    assert (first[0].ended_on, first[0].first_delinquency_on) == (date(2025, 5, 31), date(2025, 2, 1))
    assert second[0].ended_on is None


def test_the_law_hides_and_unhides_by_date_over_the_same_records():
    late = line(month("2025-08", 20), month("2025-09"))  # repaid by 2025-09-30
    assert periods(told([late], scope=Scope(ALL, None, date(2025, 12, 31)))) == [["2025-08", "2025-09"]]
    assert periods(told([late], scope=Scope(ALL, None, date(2026, 1, 1)))) == [["2025-09"]]
    assert periods(told([line(month("2025-08", 20), month("2025-09", 51))])) == [
        ["2025-08", "2025-09"]
    ]  # corrected: not repaid
    assert periods(told([late], law=US)) == [["2025-08", "2025-09"]]


def _dispute(**changed) -> Dispute:
    return replace(BLANK, period=date(2026, 2, 1), **changed)


def test_marks_findings_and_words_stand_beside_what_they_are_about_and_what_is_deleted_is_gone():
    it = line(month("2026-01"), month("2026-02", 9))
    opened = _dispute(revision=7)
    (marked,) = told([it], disputes=[opened])["tradelines"]
    assert marked["disputed"] and [each["disputed"] for each in marked["months"]] == [True, False]
    assert not told([it], disputes=[opened], revision=6)["tradelines"][0]["disputed"]
    gone = replace(opened, outcome="deleted", closed_revision=9)
    assert periods(told([it], disputes=[gone])) == [["2026-01"]]
    assert periods(told([it], disputes=[gone], revision=8)) == [["2026-01", "2026-02"]]
    assert told([it], disputes=[replace(gone, period=None)])["tradelines"] == []
    unsure = replace(opened, outcome="undetermined", closed_revision=9, finding="both have papers")
    assert told([it], disputes=[unsure])["tradelines"][0]["months"][0]["undetermined"] == ["both have papers"]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    words = [Statement("subject_1", "s1", "line_1", 8, at, "mine"), Statement("subject_1", "s2", "", 9, at, "all")]
    said = told([it], statements=words)
    assert (said["tradelines"][0]["statements"], said["statements"]) == (["mine"], ["all"])
    before = told([it], statements=words, revision=7)
    assert (before["tradelines"][0]["statements"], before["statements"]) == ([], [])


@given(st.lists(st.sampled_from([None, 0, 0, 5, 40]), min_size=1, max_size=24), st.integers(1, 24))
def test_a_report_never_shows_a_month_out_of_scope_or_one_that_is_not_there(late, back):
    it = line(*(month(f"{add_months(date(2024, 4, 1), each):%Y-%m}", dpd) for each, dpd in enumerate(late)))
    (found,) = periods(told([it], scope=Scope(ALL, back, ON)))
    there = {each["period"] for each in it["months"]}
    assert set(found) <= there and all(each >= f"{add_months(ON, 1 - back):%Y-%m}" for each in found)
