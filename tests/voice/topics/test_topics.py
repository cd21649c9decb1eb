"""A set is adopted, what was said is sorted by it, a person names and merges, a planted rise alarms and waits for its owner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from farthing.kernel.day import CloseStep
from farthing.kit.actor import SYSTEM
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import texts_service as saying
from farthing.voice.cases.model import RecordCase
from farthing.voice.topics import counting, fitting, frozen, store
from farthing.voice.topics import reading_service as reading
from farthing.voice.topics import service as sorting
from farthing.voice.topics.model import (
    AdoptTopics,
    EndAlarm,
    MergeTopic,
    NameTopic,
    Sorted,
    SortTexts,
)
from tests.conftest import Bank
from tests.voice.cases.desk import Desk, desk, refused
from tests.voice.topics.heaped import texts


@pytest.fixture(scope="module")
def body() -> str:
    return frozen.text_of(fitting.fit(texts()[0]))


@pytest.fixture
def said(bank: Bank, body: str) -> Desk:
    found = desk(bank)
    for number, each in enumerate(texts(people=24, seed=8)[0]):
        command = RecordCase(
            "phone", "complaint", each.words, name=f"Person {number}", phone=f"+86138001380{number:02d}"
        )
        found.act(recording.record, command)
    found.act(sorting.adopt, AdoptTopics(body), "zhao")
    return found


def sort(desk: Desk) -> Any:
    day = desk.bank.read(lambda tx: tx.business_date)
    return desk.act(sorting.sort, SortTexts(day - timedelta(days=30), day + timedelta(days=1)), "zhao")


def test_what_was_said_is_sorted_and_people_are_counted(said: Desk) -> None:
    bank = said.bank
    assert refused(bank.run, sorting.name, NameTopic("topic-zh-099", "x", "x", "")) == "topics.unknown"
    done = sort(said)
    assert (done.texts, done.next) == (24, "")
    assert done.unsorted <= 8
    found = bank.read(reading.topics)
    assert found
    assert all(each.people >= frozen.LEAST_PEOPLE and each.quotes for each in found)
    again = sort(said)
    assert (again.texts, again.unsorted) == (done.texts, done.unsorted)
    assert bank.read(reading.topics) == found, "sorting once more counts nobody twice"
    kept = bank.read(lambda tx: reading.texts(tx, found[0].topic.id))
    assert {each.text_id for each in kept} <= {
        each.id for each in bank.read(lambda tx: saying.texts(tx, date(2026, 1, 1), date(2027, 1, 1))).texts
    }


def test_a_person_names_and_merges(said: Desk) -> None:
    sort(said)
    bank = said.bank
    one, two = (each.topic.id for each in bank.read(reading.topics)[:2])
    people = {each.topic.id: each.people for each in bank.read(reading.topics)}
    named = said.act(sorting.name, NameTopic(one, "penalties", "罚息", "product.price", "savers", "wang"), "zhao")
    assert (named.name_en, named.name_zh) == ("penalties", "罚息")
    assert refused(said.act, sorting.name, NameTopic(one, "a", "b", "weather"), "zhao") == "topics.cause_unknown"
    assert (
        refused(said.act, sorting.name, NameTopic(one, "a", "b", "", "customers", "nobody"), "zhao") == "voice.no_staff"
    )
    said.act(sorting.merge, MergeTopic(two, one), "zhao")
    assert refused(said.act, sorting.merge, MergeTopic(one, two), "zhao") == "topics.merged_round"
    (view,) = [each for each in bank.read(reading.topics) if each.topic.id == one]
    assert view.people == people[one] + people[two]
    assert view.topic.owner == said.staff["wang"].id
    assert [each.id for each in bank.read(lambda tx: reading.one(tx, one)).merged] == [two]
    said.act(sorting.merge, MergeTopic(two, two), "zhao")
    assert {each.topic.id: each.people for each in bank.read(reading.topics)} == people


def test_a_new_set_keeps_what_people_called_topics(said: Desk, body: str) -> None:
    ident = frozen.read(body).topics[0][1].id
    said.act(sorting.name, NameTopic(ident, "penalties", "罚息", ""), "zhao")
    later = frozen.text_of(fitting.fit(texts(people=236)[0], frozen.read(body), seed=5))
    done = said.act(sorting.adopt, AdoptTopics(later), "zhao")
    assert done.digest == frozen.digest(later) != frozen.digest(body)
    assert said.bank.read(store.topics)[ident].name_en == "penalties"
    assert said.bank.read(reading.model).body == later


def history(tx: Any, topic: str, counts: list[int], last: date) -> None:
    """So many people spoke of a topic in each of the weeks up to one."""
    found = []
    for back, people in enumerate(reversed(counts)):
        day = last - counting.WEEK * back
        found += [Sorted(f"text-{day}-{n}", f"who-{day}-{n}", day, "complaint", topic) for n in range(people)]
    store.sort(tx, "topics_none", found)


def test_a_planted_rise_alarms_once_and_its_owner_ends_it(said: Desk, body: str) -> None:
    bank, ident = said.bank, frozen.read(body).topics[0][1].id
    said.act(sorting.name, NameTopic(ident, "penalties", "罚息", "product.price", "customers", "zhao"), "zhao")
    today = bank.read(lambda tx: tx.business_date)
    sunday = counting.monday(today) + timedelta(days=6)
    last = counting.monday(sunday)
    bank.kernel.tidy(lambda tx: history(tx, ident, [4, 3, 5, 4] * 11 + [15], last))
    with psycopg.connect(bank.url) as aging:  # the bank had these customers before it had these complaints
        aging.execute("UPDATE party SET registered_at = registered_at - interval '2 years'")

    def close(day: date) -> int:
        return bank.run(sorting.watch_week, CloseStep(day), actor=SYSTEM).handled

    assert close(sunday - timedelta(days=1)) == 0
    found = close(sunday)
    assert found == 1
    assert close(sunday) == 0, "a week alarms once"
    (alarm,) = bank.read(reading.alarms)
    assert (alarm.week_on, alarm.people, alarm.how, alarm.owner) == (last, 15, "at_once", said.staff["zhao"].id)
    said.act(sorting.end_alarm, EndAlarm(alarm.id, "the new penalty of June"), "zhao")
    assert refused(said.act, sorting.end_alarm, EndAlarm(alarm.id, "again"), "zhao") == "topics.alarm_ended"
    assert refused(said.act, sorting.end_alarm, EndAlarm("alarm_none", "x"), "zhao") == "topics.alarm_unknown"
    assert bank.read(reading.alarms) == []
    assert bank.read(lambda tx: reading.alarms(tx, True))[0].found == "the new penalty of June"


def test_without_a_set_the_day_does_nothing(bank: Bank) -> None:
    assert refused(bank.run, sorting.sort, SortTexts(date(2026, 6, 1), date(2026, 6, 2))) == "topics.none"
    assert refused(bank.read, reading.model) == "topics.none"
    assert bank.run(sorting.sort_day, CloseStep(date(2026, 6, 14)), actor=SYSTEM).handled == 0
    assert bank.run(sorting.watch_week, CloseStep(date(2026, 6, 14)), actor=SYSTEM).handled == 0


def test_each_week_is_watched_once() -> None:
    """Quarters of weeks neither overlap nor leave one out, whatever day it is."""
    day = date(2025, 1, 1)
    starts = set()
    while day < date(2027, 1, 1):
        start, last = counting.quarter(day), counting.monday(day + timedelta(days=1)) - counting.WEEK
        assert start.weekday() == 0
        starts.add(start)
        assert start - timedelta(days=7) <= last
        day += timedelta(days=1)
    assert len(starts) == 9


def test_what_a_change_did_is_told_with_its_uncertainty(said: Desk, body: str) -> None:
    """A planted fall by half is found; of few people nothing is told; a change of this week is not over."""
    bank, ident = said.bank, frozen.read(body).topics[0][1].id
    today = bank.read(lambda tx: tx.business_date)
    last = counting.monday(today + timedelta(days=1)) - counting.WEEK
    changed = last - counting.WEEK * 20
    bank.kernel.tidy(lambda tx: history(tx, ident, [12, 9, 11, 8] * 5 + [10] + [5, 4, 6, 5] * 5, last))
    with psycopg.connect(bank.url) as aging:
        aging.execute("UPDATE party SET registered_at = registered_at - interval '2 years'")
    found = bank.read(lambda tx: reading.change(tx, ident, changed))
    assert (found.before, found.after, found.how, found.too_few) == (200, 100, "series", False)
    assert found.ratio is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high < 1
    assert found.fell
    early = bank.read(lambda tx: reading.change(tx, ident, changed - counting.WEEK * 18))
    assert early.too_few
    assert refused(bank.read, lambda tx: reading.change(tx, ident, today)) == "topics.change_to_come"
    assert refused(bank.read, lambda tx: reading.change(tx, "topic-zh-099", changed)) == "topics.unknown"
    beside = bank.read(lambda tx: reading.change(tx, ident, changed, ident))
    assert not beside.fell, "against itself nothing fell"
