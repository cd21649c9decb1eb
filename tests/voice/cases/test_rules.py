"""What may become of a case, and what never: laws over any course of acts; and the faults of other systems of complaints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.voice.cases import returns, rules
from farthing.voice.cases.classes import classes
from farthing.voice.cases.clock import Clock
from farthing.voice.cases.model import Case, CaseSaid, ClassCase
from farthing.voice.cases.scrubber import scrubbed
from tests.voice.cases.desk import refused
from tests.voice.cases.test_clock import CN, DAY, PLAIN

NEW = Case(
    "voice_x", "ABCDEFGH", "complaint", "page", "zh", "party_x", True, 1, DAY, datetime(2026, 6, 10, tzinfo=UTC), "customer:x",
    ("A13", "", ""), 0, "operator:a", "person_a", 0, False, False, None, "open", "", None, "", False, 0, None, None, None, None,
    Money.zero("CNY"), 1, "person_t", "text_t",
)  # fmt: skip
ACTS = ("answer", "appeal", "reopen", "agree", "withdraw", "extend", "wait")
Told = tuple[Case, list[CaseSaid], date]


def said(act: Any, on: date, days: int | None = None) -> CaseSaid:
    return CaseSaid("voice_x", act, "staff", "", on, days)


def began() -> Told:
    line = said("received", DAY, 15)
    return replace(NEW, classes=("A13", "B11", "C15"), due_on=rules.due_after(NEW, [line], ())), [line], DAY


def step(told: Told, act: str, by: str) -> Told:
    """One act of a case on its day; refused where rules refuse it."""
    case, lines, on = told
    if act == "wait":
        return case, lines, on + timedelta(days=9)
    if act == "answer":
        rules.check_owner(replace(case, owner_person=by), by)
        after, line = rules.answered(case, "accepted", on, by, PLAIN, ()), said("answered", on)
    elif act == "appeal":
        rules.check_again(case, PLAIN, on, appeal=True)
        after, line = rules.appealed(case), said("appealed", on, PLAIN.appeal_days)
    elif act == "reopen":
        rules.check_again(case, PLAIN, on, appeal=False)
        after, line = rules.reopened(case), said("reopened", on)
    elif act == "extend":
        after, days = rules.extended(case, PLAIN, lines)
        line = said("extended", on, days)
    else:
        rules.need(case, *(("answered",) if act == "agree" else ("open", "appealed")))
        after = rules.ended(case, "closed" if act == "agree" else "withdrawn", on)
        line = said("closed" if act == "agree" else "withdrawn", on)
    return replace(after, due_on=rules.due_after(after, [*lines, line], ())), [*lines, line], on


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(("person_a", "person_b"))), max_size=14))
def test_over_any_course_a_case_that_waits_has_its_day_and_no_other_has_one(course: list[tuple[str, str]]) -> None:
    told, answers = began(), list[str]()
    for act, by in course:
        before = told
        try:
            told = step(told, act, by)
        except Refusal:
            assert told == before
            continue
        case, lines, on = told
        assert case.waits == (case.due_on is not None)
        assert (case.state in ("closed", "withdrawn")) == (case.ended_on is not None)
        assert case.appeals <= 1 and (case.outcome == "") == (case.answered_on is None)
        if act == "answer":
            answers.append(by)
            assert case.rating is None and case.answered_on == on
            if before[0].state == "appealed":
                assert by != before[0].answered_by, "who answered before does not answer again"
        if act == "extend":
            assert case.due_on is not None and before[0].due_on is not None and case.due_on > before[0].due_on
        if act == "wait":
            assert case == before[0], "time alone moves no day"
        if case.state == "withdrawn":
            with pytest.raises(Refusal):
                step(told, "answer", by)
            assert case.due_on is None and not rules.may_person(case, PLAIN, on)
        clock = rules.clock_of(case, lines)
        assert clock is not None and clock.start == (DAY if not case.appeals else clock.start)


def test_a_reopened_clock_goes_on_and_statistics_keep_the_first_answer_late() -> None:
    """Zammad #188, #2579, #3410: wrong after reopening, never closed, counted wrong."""
    case, lines, _ = began()
    answered = step((case, lines, DAY + timedelta(days=10)), "answer", "person_a")
    back = step((answered[0], answered[1], DAY + timedelta(days=20)), "reopen", "person_a")
    assert back[0].due_on == DAY + timedelta(days=25), "five of its fifteen days were left"
    again = step((back[0], back[1], DAY + timedelta(days=30)), "answer", "person_a")
    third = step((again[0], again[1], DAY + timedelta(days=31)), "reopen", "person_a")
    assert third[0].due_on == DAY + timedelta(days=25), "who answered late stays late"
    assert rules.light(third[0], PLAIN, DAY + timedelta(days=31)) == "red"
    gone = step((back[0], back[1], DAY + timedelta(days=24)), "withdraw", "person_a")
    assert gone[0].due_on is None and rules.light(gone[0], PLAIN, DAY + timedelta(days=300)) == "green"


def test_words_that_are_added_are_no_first_answer() -> None:
    """Zammad #5177: an update overruled the first response."""
    _, lines, _ = began()
    later = [*lines, said("added", DAY + timedelta(days=3)), said("assigned", DAY + timedelta(days=3))]
    assert rules.clock_of(NEW, later) == Clock(DAY, 15)


def test_an_idea_that_is_a_complaint_was_one_when_it_came() -> None:
    idea = replace(NEW, kind="idea")
    lines = [said("received", DAY), said("classed", DAY + timedelta(days=8), 15)]
    became = rules.classed(idea, ClassCase("voice_x", "A11", "B11", "C15", 2, "complaint"))
    assert became.kind == "complaint" and rules.due_after(became, lines, ()) == DAY + timedelta(days=15)
    assert refused(rules.classed, became, ClassCase("x", "A11", "B11", "C15", 2, "question")) == "voice.stays_complaint"
    assert refused(rules.classed, idea, ClassCase("x", "B11", "A11", "C15", 2)) == "voice.class_unknown"


def test_refusals_of_clocks_and_words() -> None:
    case, lines, _ = began()
    asked = replace(PLAIN, pauses=("asked",))
    clock = rules.clock_of(case, lines)
    assert clock is not None
    assert refused(rules.check_pause, case, asked, "asked", None) == "voice.no_clock"
    assert refused(rules.check_pause, case, asked, "asked", clock.stopped(DAY)) == "voice.clock_stands"
    assert refused(rules.check_pause, case, PLAIN, "asked", clock) == "voice.no_pause"
    assert refused(rules.extended, replace(case, kind="praise"), CN, [said("received", DAY)]) == "voice.no_clock"
    assert refused(rules.said_of, " \n") == "voice.wordless"
    late = replace(case, state="answered", outcome="rejected", answered_on=DAY)
    assert refused(rules.check_again, late, CN, DAY + timedelta(days=31), appeal=True) == "voice.appeal_late"
    assert refused(returns.bounds, "2026-Q5") == "voice.bad_quarter"
    assert returns.bounds("2026-Q4") == (date(2026, 10, 1), date(2027, 1, 1))


def test_a_return_counts_the_unrated_people_and_rates() -> None:
    """Zendesk drops the unrated from its base; Chatwoot rates a conversation once for ever and takes one label."""
    done = replace(
        NEW,
        state="answered",
        outcome="accepted",
        answered_on=DAY + timedelta(days=4),
        rating=5,
        classes=("A11", "B11", "C15"),
    )
    cases = [
        done, replace(done, rating=None), replace(done, rating=None, token="person_u", redress=Money(3000, "CNY")),
        replace(NEW, due_on=DAY), replace(NEW, kind="idea"), replace(NEW, state="withdrawn", ended_on=DAY),
    ]  # fmt: skip
    found = returns.returned("2026-Q2", cases, date(2026, 6, 30), classes(), "CNY", 20, 50_000)
    whole = found.rows[0]
    assert (whole.received, whole.people, whole.accepted, whole.waiting, whole.withdrawn, whole.late) == (
        5,
        2,
        3,
        1,
        1,
        1,
    )
    assert (whole.rated, whole.unrated, str(whole.mean_rating), str(whole.mean_days)) == (1, 2, "5.0", "4.0")
    assert (str(whole.per_1000_outlets), str(whole.per_10m_customers)) == ("250.0", "1000.0")
    assert found.others == {"praise": 0, "idea": 1, "question": 0} and found.until == date(2026, 6, 30)
    assert [(each.axis, each.code, each.received) for each in found.rows[1:]] == [
        ("channel", "A11", 3), ("channel", "A13", 2), ("business", "B11", 3), ("business", "", 2), ("cause", "C15", 3),
        ("cause", "", 2),
    ]  # fmt: skip
    text = returns.as_csv(found)
    assert text.count("\r\n") == 8 and "储蓄存款" in text and ",30.00,CNY" in text


HIDDEN = (
    ("我叫王小明，手机13912345678，被扣了500元罚息", ("王小明", "139", "500")),
    ("张经理态度恶劣，住在上海市浦东新区世纪大道100号", ("张", "世纪大道", "浦东")),
    ("My name is John Smith, card 6222 0212-3456 7890, you took $25.00", ("John", "Smith", "6222", "7890", "25")),
    ("三千块钱没有了，身份证１１０１０１１９９００３０７１２３４", ("三千", "110101", "１１")),
    ("mail me at a.b@example.com or https://x.example/y, +86 139 1234 5678", ("a.b", "x.example", "1234")),
    ("Dear Ms Jane Doe, 300 dollars at 12 Baker Street", ("Jane", "Doe", "300", "Baker")),
    ("一三九一二三四五六七八", ("一三九",)),
)


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_numbers_names_places_and_amounts_do_not_reach_an_analyst(text: str, hidden: tuple[str, ...]) -> None:
    found = scrubbed(text)
    assert not [each for each in hidden if each in found], found


def test_what_the_complaint_is_about_is_left() -> None:
    assert scrubbed("提前支取定期的罚息太高，柜台说不清楚，车贷元月利息太高") == (
        "提前支取定期的罚息太高,柜台说不清楚,车贷元月利息太高"
    )
    assert (
        scrubbed("The penalty is too high and nobody explains it.") == "The penalty is too high and nobody explains it."
    )


@given(
    st.text("扣了罚息 ab,。-1２", max_size=40), st.from_regex(r"[0-9]{6,19}", fullmatch=True),
    st.sampled_from(("", " ", "-", ".")), st.text("我的卡 号x", max_size=20),
)  # fmt: skip
def test_no_number_of_six_digits_is_left_however_it_is_written(before: str, number: str, gap: str, after: str) -> None:
    found = scrubbed(f"{before} {gap.join(number)} {after}")
    assert number not in found and number[:6] not in "".join(found.split(gap)) if gap else number not in found


@given(st.sampled_from(("欧阳静怡", "李雷", "Maria del Carmen", "O'Brien")), st.text("ab 扣了,。\n", max_size=20))
def test_a_known_name_is_left_nowhere(name: str, around: str) -> None:
    found = scrubbed(f"{around}{name}{around} {name.upper()} {' '.join(name)}", [name])
    assert name.lower() not in found.lower()
