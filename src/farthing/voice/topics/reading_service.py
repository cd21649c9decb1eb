"""Answer what is known of topics: how many people speak of each, its chart, its alarms, the set in force. Reads only."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Cursor, Day, Flag, Id, LongPageSize, PageSize
from farthing.voice.topics import counting, frozen, store
from farthing.voice.topics import refusals as no
from farthing.voice.topics.falls import Fall, Series, fall
from farthing.voice.topics.model import Alarm, ModelFile, Sorted, TopicChart, TopicRow, TopicView, Week
from farthing.voice.topics.trends import rate

READS = "voice:texts"
YEAR = timedelta(days=365)


@question("topics.model", permission=READS, whose=STAFF)
def model(tx: Tx) -> ModelFile:
    """The set of topics in force, as data. Refuses ``topics.none``."""
    found = store.model(tx)
    if found is None:
        raise no.NO_MODEL()
    return ModelFile(found, store.body(tx, found.id))


@question("topics.list", permission=READS, whose=STAFF)
def topics(tx: Tx) -> list[TopicView]:
    """Topics that stand alone, those first of which most people spoke in the last year; none of fewer than five people."""
    return [view for view, _ in _views(tx)]


def _views(tx: Tx) -> list[tuple[TopicView, tuple[str, ...]]]:
    kept = store.topics(tx)
    current = store.model(tx)
    made = {each.id: each for _, each in frozen.read(store.body(tx, current.id)).topics} if current else {}
    last = counting.monday(tx.business_date + timedelta(days=1)) - counting.WEEK
    year = store.people(tx, tx.business_date - YEAR, tx.business_date + timedelta(days=1))
    week = store.people(tx, last, last + counting.WEEK)
    of = {
        each: counting.exposed(store.exposure(tx, each), [last])[0] for each in {row.exposed for row in kept.values()}
    }
    found = []
    for ident, ids in counting.parts(kept).items():
        if ident not in kept or not any(each in made for each in ids):
            continue
        row, people = kept[ident], sum(year.get(each, 0) for each in ids)
        now = sum(week.get(each, 0) for each in ids)
        quotes = tuple(quote for each in ids if each in made for quote in made[each].quotes)
        stable = min(made[each].stable for each in ids if each in made)
        view = TopicView(row, people, now, rate(now, of[row.exposed]), quotes, stable)
        if people >= frozen.LEAST_PEOPLE:
            found.append((view, ids))
    return sorted(found, key=lambda each: (-each[0].people, each[0].topic.id))


@question("topics.one", permission=READS, whose=STAFF)
def one(tx: Tx, topic_id: Id) -> TopicChart:
    """A topic with its weeks of this quarter against its limits, and its alarms. Refuses ``topics.unknown``, also of one of
    which fewer than five people spoke."""
    found = next(((view, ids) for view, ids in _views(tx) if topic_id in ids), None)
    if found is None:
        raise no.UNKNOWN(topic=topic_id)
    view, ids = found
    counts = store.weeks(
        tx,
        ids,
        counting.quarter(tx.business_date) - counting.WEEK * counting.BASE,
        tx.business_date + timedelta(days=1),
    )
    chart, points = counting.charted(
        counting.together(counts, ids), store.exposure(tx, view.topic.exposed), store.first(tx), tx.business_date
    )
    kept = store.topics(tx)
    merged: tuple[TopicRow, ...] = tuple(kept[each] for each in ids if each != view.topic.id)
    alarms = tuple(each for each in store.alarms(tx, 1_000, everything=True) if each.topic_id == view.topic.id)
    return TopicChart(view, chart, tuple(Week(*each) for each in points), merged, alarms)


@question("topics.texts", permission=READS, whose=STAFF)
def texts(tx: Tx, topic_id: Id, after: Cursor = "", limit: LongPageSize = 100) -> list[Sorted]:
    """Which texts are of a topic, by the ids that analysts know: who handles cases finds the case behind each.

    Refuses ``topics.unknown``."""
    kept = store.topics(tx)
    if topic_id not in kept:
        raise no.UNKNOWN(topic=topic_id)
    ids = counting.parts(kept)[counting.root(kept, topic_id)]
    return store.texts_of(tx, ids, after, limit)


@question("topics.alarms", permission=READS, whose=STAFF)
def alarms(tx: Tx, everything: Flag = False, limit: PageSize = 100) -> list[Alarm]:
    """Alarms that wait for somebody to look, or all, the latest first."""
    return store.alarms(tx, limit, everything=everything)


@question("topics.change", permission=READS, whose=STAFF)
def change(tx: Tx, topic_id: Id, changed_on: Day, control_id: Id = "none") -> Fall:
    """What the weeks after a change are against those before it, up to a year on either side, with its uncertainty; the week of
    the change is left out. ``control_id``: a topic that the change does not touch.

    Refuses ``topics.unknown``, ``topics.change_to_come``.
    """
    if changed_on >= counting.monday(tx.business_date + timedelta(days=1)) - counting.WEEK:
        raise no.TO_COME(day=changed_on.isoformat())
    control = None if control_id == "none" else _series(tx, control_id, changed_on)
    series, before = _series(tx, topic_id, changed_on)
    return fall(series, before, control[0] if control else None)


def _series(tx: Tx, topic_id: str, changed_on: date) -> tuple[Series, int]:
    """A topic's weeks but that of the change, and how many of them are before it."""
    kept = store.topics(tx)
    if topic_id not in kept:
        raise no.UNKNOWN(topic=topic_id)
    ident, week = counting.root(kept, topic_id), counting.monday(changed_on)
    ids, first = counting.parts(kept)[ident], store.first(tx)
    begun = max(week - counting.WEEK * counting.BASE, counting.monday(first) if first else week)
    end = min(counting.monday(tx.business_date + timedelta(days=1)), week + counting.WEEK * (counting.BASE + 1))
    before = counting.weeks(begun, week)
    mondays = before + counting.weeks(week + counting.WEEK, end)
    counts = counting.together(store.weeks(tx, ids, begun, end), ids)
    exposed = counting.exposed(store.exposure(tx, kept[ident].exposed), mondays)
    return Series(tuple(counts.get(each, 0) for each in mondays), tuple(exposed)), len(before)
