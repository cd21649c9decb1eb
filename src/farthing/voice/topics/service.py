"""Run what is done with topics: adopt a set, sort texts by it, confirm names, merge, end an alarm; and what a day does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity import service as identity
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.voice.cases import refusals as cases
from farthing.voice.cases import texts_service as texts
from farthing.voice.model import Text
from farthing.voice.topics import counting, frozen, store
from farthing.voice.topics import refusals as no
from farthing.voice.topics.causes import CAUSES
from farthing.voice.topics.model import (
    AdoptTopics,
    AlarmEnded,
    EndAlarm,
    MergeTopic,
    ModelRow,
    NameTopic,
    Sorted,
    SortTexts,
    TextsSorted,
    TopicNamed,
    TopicRow,
    TopicsAdopted,
)

SETS = "voice:topics"
ROSE = "topics.rose"
"""The leaf of the log that says that a topic rose."""
LATELY = timedelta(days=31)


@operation("topics.adopt", title=Words("Adopt a set of topics", "启用主题模型"), permission=SETS, whose=STAFF)
def adopt(tx: Tx, command: AdoptTopics) -> TopicsAdopted:
    """Let a set of topics stand from now on in place of the one before. What the machine named a person confirms afterwards.

    Refuses ``topics.unreadable``.
    """
    found, mark = frozen.read(command.body), frozen.digest(command.body)
    ident = tx.new_id("topics")
    count = sum(each.texts for each in found.tongues)
    store.adopt(
        tx,
        ModelRow(ident, mark, count, len(found.topics), tx.business_date, tx.actor.id, None),
        command.body,
    )
    fresh = store.add_topics(
        tx,
        [each.id for _, each in found.topics],
        [language for language, _ in found.topics],
        [" ".join(each.label) for _, each in found.topics],
    )
    return TopicsAdopted(ident, mark, len(found.topics), fresh)


@operation("topics.sort", title=Words("Sort texts by topic", "按主题归类"), permission=SETS, whose=STAFF)
def sort(tx: Tx, command: SortTexts) -> TextsSorted:
    """Sort a piece of what was said by the set in force. Refuses ``topics.none``."""
    model = store.model(tx)
    if model is None:
        raise no.NO_MODEL()
    page = texts.texts(tx, command.since, command.until, command.cursor, PIECE)
    found = _sorted(frozen.read(store.body(tx, model.id)), page.texts)
    store.sort(tx, model.id, found)
    return TextsSorted(len(found), sum(not each.topic_id for each in found), page.next)


def _sorted(topics: frozen.Topics, said: Iterable[Text]) -> list[Sorted]:
    ready = frozen.sorters(topics)
    return [
        Sorted(
            each.id,
            each.person,
            each.on,
            each.kind,
            ready[each.language].topic(each.words) if each.language in ready else "",
        )
        for each in said
    ]


def _known(tx: Tx, ident: str) -> TopicRow:
    found = store.topics(tx).get(ident)
    if found is None:
        raise no.UNKNOWN(topic=ident)
    return found


def _named(topic: TopicRow) -> TopicNamed:
    return TopicNamed(topic.id, topic.name_en, topic.name_zh, topic.into_id)


@operation("topics.name", title=Words("Name a topic", "确认主题"), permission=SETS, whose=STAFF)
def name(tx: Tx, command: NameTopic) -> TopicNamed:
    """Confirm a topic: its name, its root cause, who is exposed, whose its alarms are.

    Refuses ``topics.unknown``, ``topics.cause_unknown``, ``voice.no_staff``.
    """
    topic = _known(tx, command.topic_id)
    if command.cause and command.cause not in CAUSES:
        raise no.CAUSELESS(cause=command.cause)
    owner = identity.staff_login(tx, command.login) if command.login else ""
    if owner is None:
        raise cases.NO_STAFF(login=command.login)
    after = replace(
        topic,
        name_en=command.name_en,
        name_zh=command.name_zh,
        cause=command.cause,
        exposed=command.exposed,
        owner=owner,
    )
    store.move(tx, after)
    return _named(after)


@operation("topics.merge", title=Words("Merge topics", "合并主题"), permission=SETS, whose=STAFF)
def merge(tx: Tx, command: MergeTopic) -> TopicNamed:
    """Count a topic as one with another from now on, in its past too. Refuses ``topics.unknown``, ``topics.merged_round``."""
    topic, into = _known(tx, command.topic_id), _known(tx, command.into_id)
    alone = topic.id == into.id
    if not alone and counting.root(store.topics(tx), into.id) == topic.id:
        raise no.ITSELF(topic=topic.id, into=into.id)
    after = replace(topic, into_id="" if alone else into.id)
    store.move(tx, after)
    return _named(after)


@operation("topics.end_alarm", title=Words("End an alarm", "处理预警"), permission=SETS, whose=STAFF)
def end_alarm(tx: Tx, command: EndAlarm) -> AlarmEnded:
    """Say what was found of an alarm. Refuses ``topics.alarm_unknown``, ``topics.alarm_ended``."""
    alarm = store.alarm(tx, command.alarm_id)
    if alarm is None:
        raise no.NO_ALARM()
    if not store.end_alarm(tx, alarm.id, command.found):
        raise no.ALARM_ENDED()
    return AlarmEnded(alarm.id, alarm.topic_id, alarm.week_on)


@operation(
    "topics.sort_day", title=Words("What was said is sorted by topic", "当日意见按主题归类"), permission="kernel:close_day",
    whose=STAFF,
)  # fmt: skip
def sort_day(tx: Tx, step: CloseStep) -> Stepped:
    """Sort what was said in the last month by the set in force, again each day: what was said more of a case counts too."""
    if store.model(tx) is None:
        return Stepped(0)
    done = sort(tx, SortTexts(step.on - LATELY, step.on + timedelta(days=1), step.after))
    return Stepped(done.texts, done.next or None)


@operation(
    "topics.watch_week", title=Words("Topics that rise", "主题上升预警"), permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def watch_week(tx: Tx, step: CloseStep) -> Stepped:
    """At the end of each week raise an alarm of every topic that rose in it; each waits for its owner."""
    if step.on.weekday() != 6 or store.model(tx) is None:
        return Stepped(0)
    topics = store.topics(tx)
    groups, start = counting.parts(topics), counting.quarter(step.on)
    counts = store.weeks(tx, list(topics), start - counting.WEEK * counting.BASE, step.on + timedelta(days=1))
    histories = {of: store.exposure(tx, of) for of in {each.exposed for each in topics.values()}}
    first, new = store.first(tx), []
    for ident, ids in groups.items():
        if ident not in topics:
            continue
        people = counting.together(counts, ids)
        _, points = counting.charted(people, histories[topics[ident].exposed], first, step.on)
        new += counting.raised(topics[ident], points, step.on)
    fresh = store.raise_alarms(tx, new)
    evidence.append_many(tx, [(ROSE, each) for each in new if each.id in fresh])
    return Stepped(len(fresh))
