"""Read and write ``voice_model``, ``voice_topic``, ``voice_sorted`` and ``voice_alarm``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.voice.topics.model import Alarm, ModelRow, Sorted, TopicRow

MODEL: LiteralString = """
    SELECT id, digest, texts, topics, adopted_on, adopted_by, ended_on FROM voice_model
    WHERE ended_on IS NULL ORDER BY id DESC LIMIT 1
"""
BODY: LiteralString = "SELECT body FROM voice_model WHERE id = %(id)s"
END_MODELS: LiteralString = "UPDATE voice_model SET ended_on = %(on)s WHERE ended_on IS NULL"
ADD_MODEL: LiteralString = """
    INSERT INTO voice_model (id, digest, body, texts, topics, adopted_on, adopted_by)
    VALUES (%(id)s, %(digest)s, %(body)s, %(texts)s, %(topics)s, %(on)s, %(by)s)
"""
_TOPIC: LiteralString = """
    SELECT id, language, label, name_en, name_zh, into_id, cause, exposed, owner, since_on, named_on, named_by
    FROM voice_topic """
TOPICS: LiteralString = _TOPIC + "ORDER BY id"
ADD_TOPICS: LiteralString = """
    INSERT INTO voice_topic (id, language, label, name_en, name_zh, into_id, cause, exposed, owner, since_on, named_by)
    SELECT n.id, n.language, n.label, '', '', '', '', 'customers', '', %(on)s, ''
    FROM unnest(%(ids)s::text[], %(languages)s::text[], %(labels)s::text[]) AS n (id, language, label)
    ON CONFLICT (id) DO UPDATE SET label = excluded.label
    RETURNING id, since_on
"""
MOVE_TOPIC: LiteralString = """
    UPDATE voice_topic SET name_en = %(name_en)s, name_zh = %(name_zh)s, into_id = %(into_id)s, cause = %(cause)s,
        exposed = %(exposed)s, owner = %(owner)s, named_on = %(on)s, named_by = %(by)s
    WHERE id = %(id)s
"""
SORT: LiteralString = """
    INSERT INTO voice_sorted (text_id, person, said_on, kind, topic_id, model_id, sorted_on)
    SELECT n.text_id, n.person, n.said_on, n.kind, n.topic_id, %(model)s, %(on)s
    FROM unnest(%(texts)s::text[], %(persons)s::text[], %(days)s::date[], %(kinds)s::text[], %(topics)s::text[])
         AS n (text_id, person, said_on, kind, topic_id)
    ON CONFLICT (text_id) DO UPDATE SET topic_id = excluded.topic_id, model_id = excluded.model_id,
        sorted_on = excluded.sorted_on, kind = excluded.kind
"""
WEEKS: LiteralString = """
    SELECT topic_id, date_trunc('week', said_on)::date AS week, count(DISTINCT person)::integer AS people FROM voice_sorted
    WHERE said_on >= %(since)s AND said_on < %(until)s AND topic_id = ANY(%(topics)s::text[]) GROUP BY 1, 2 ORDER BY 1, 2
"""
PEOPLE: LiteralString = """
    SELECT topic_id, count(DISTINCT person)::integer AS people FROM voice_sorted
    WHERE said_on >= %(since)s AND said_on < %(until)s GROUP BY topic_id ORDER BY topic_id
"""
TEXTS_OF: LiteralString = """
    SELECT text_id, person, said_on, kind, topic_id FROM voice_sorted
    WHERE topic_id = ANY(%(topics)s::text[]) AND text_id > %(after)s ORDER BY text_id LIMIT %(limit)s
"""
FIRST: LiteralString = "SELECT min(said_on) AS day FROM voice_sorted"
_ALARM: LiteralString = """
    SELECT id, topic_id, week_on, how, people, expected_hundredths, exposed, raised_on, owner, ended_on, ended_by, found
    FROM voice_alarm """
ALARMS: LiteralString = _ALARM + "WHERE ended_on IS NULL OR %(all)s ORDER BY week_on DESC, id LIMIT %(limit)s"
ALARM: LiteralString = _ALARM + "WHERE id = %(id)s"
RAISE: LiteralString = """
    INSERT INTO voice_alarm (id, topic_id, week_on, how, people, expected_hundredths, exposed, raised_on, owner, ended_by, found)
    SELECT n.id, n.topic_id, n.week_on, n.how, n.people, n.expected, n.exposed, %(on)s, n.owner, '', ''
    FROM unnest(%(ids)s::text[], %(topics)s::text[], %(weeks)s::date[], %(hows)s::text[], %(people)s::integer[],
                %(expected)s::integer[], %(exposed)s::integer[], %(owners)s::text[])
         AS n (id, topic_id, week_on, how, people, expected, exposed, owner)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""
END_ALARM: LiteralString = """
    UPDATE voice_alarm SET ended_on = %(on)s, ended_by = %(by)s, found = %(found)s
    WHERE id = %(id)s AND ended_on IS NULL
"""
CUSTOMERS: LiteralString = """
    SELECT date_trunc('week', registered_at)::date AS began, NULL::date AS ended, count(*)::integer AS people FROM party
    WHERE kind = 'person' GROUP BY 1
"""
SAVERS: LiteralString = """
    SELECT p.began, p.ended, count(*)::integer AS people FROM (
        SELECT date_trunc('week', min(opened_on))::date AS began,
            CASE WHEN bool_or(closed_on IS NULL) THEN NULL ELSE date_trunc('week', max(closed_on))::date END AS ended
        FROM deposit GROUP BY party_id) AS p
    GROUP BY 1, 2
"""
BORROWERS: LiteralString = """
    SELECT p.began, p.ended, count(*)::integer AS people FROM (
        SELECT date_trunc('week', min(disbursed_on))::date AS began,
            CASE WHEN bool_or(closed_on IS NULL) THEN NULL ELSE date_trunc('week', max(closed_on))::date END AS ended
        FROM loan WHERE disbursed_on IS NOT NULL GROUP BY party_id) AS p
    GROUP BY 1, 2
"""
EXPOSED: dict[str, LiteralString] = {"customers": CUSTOMERS, "savers": SAVERS, "borrowers": BORROWERS}


def model(tx: Tx) -> ModelRow | None:
    """The set in force."""
    found = tx.rows(MODEL)
    return ModelRow(**found[0]) if found else None


def body(tx: Tx, model_id: str) -> str:
    """The data of a set."""
    return str(tx.rows(BODY, {"id": model_id})[0]["body"])


def adopt(tx: Tx, new: ModelRow, text: str) -> None:
    """Keep a set, which takes the place of the one in force."""
    tx.execute(END_MODELS, {"on": tx.business_date})
    values = {"id": new.id, "digest": new.digest, "body": text, "texts": new.texts, "topics": new.topics}
    tx.execute(ADD_MODEL, values | {"on": new.adopted_on, "by": new.adopted_by})


def topics(tx: Tx) -> dict[str, TopicRow]:
    """Every topic that ever was, by id."""
    return {row["id"]: TopicRow(**row) for row in tx.rows(TOPICS)}


def add_topics(tx: Tx, ids: Sequence[str], languages: Sequence[str], labels: Sequence[str]) -> int:
    """Keep topics; one that was there keeps what people said of it. Answers how many are new."""
    before = set(topics(tx))
    values = {"ids": rows.texts(ids), "languages": rows.texts(languages), "labels": rows.texts(labels)}
    return sum(row["id"] not in before for row in tx.rows(ADD_TOPICS, values | {"on": tx.business_date}))


def move(tx: Tx, topic: TopicRow) -> None:
    """Keep what a person said of a topic."""
    values = {
        name: getattr(topic, name) for name in ("id", "name_en", "name_zh", "into_id", "cause", "exposed", "owner")
    }
    tx.execute(MOVE_TOPIC, values | {"on": tx.business_date, "by": tx.actor.id})


def sort(tx: Tx, model_id: str, found: Sequence[Sorted]) -> None:
    """Keep of which topic texts are."""
    values = {
        "texts": rows.texts([each.text_id for each in found]), "persons": rows.texts([each.person for each in found]),
        "days": [each.said_on for each in found], "kinds": rows.texts([each.kind for each in found]),
        "topics": rows.texts([each.topic_id for each in found]), "model": model_id, "on": tx.business_date,
    }  # fmt: skip
    tx.execute(SORT, values)


def weeks(tx: Tx, ids: Sequence[str], since: date, until: date) -> dict[str, dict[date, int]]:
    """How many people spoke of each topic in each week."""
    found: dict[str, dict[date, int]] = {}
    for row in tx.rows(WEEKS, {"topics": rows.texts(ids), "since": since, "until": until}):
        found.setdefault(row["topic_id"], {})[row["week"]] = row["people"]
    return found


def people(tx: Tx, since: date, until: date) -> dict[str, int]:
    """How many people spoke of each topic."""
    return {row["topic_id"]: row["people"] for row in tx.rows(PEOPLE, {"since": since, "until": until})}


def texts_of(tx: Tx, ids: Sequence[str], after: str, limit: int) -> list[Sorted]:
    """The texts of topics, by id."""
    values = {"topics": rows.texts(ids), "after": after, "limit": limit}
    return [Sorted(**row) for row in tx.rows(TEXTS_OF, values)]


def first(tx: Tx) -> date | None:
    """The day of the first text that was sorted."""
    found: date | None = tx.rows(FIRST)[0]["day"]
    return found


def exposure(tx: Tx, of: str) -> list[tuple[date, date | None, int]]:
    """Since which week, and until which, how many people have what a topic is about."""
    return [(row["began"], row["ended"], row["people"]) for row in tx.rows(EXPOSED[of])]


def alarms(tx: Tx, limit: int, *, everything: bool) -> list[Alarm]:
    """Alarms that wait, or all, the latest first."""
    return [Alarm(**row) for row in tx.rows(ALARMS, {"all": everything, "limit": limit})]


def alarm(tx: Tx, alarm_id: str) -> Alarm | None:
    """An alarm, to be ended."""
    found = tx.rows(ALARM, {"id": alarm_id})
    return Alarm(**found[0]) if found else None


def raise_alarms(tx: Tx, new: Sequence[Alarm]) -> frozenset[str]:
    """Keep alarms; answers those that were not there before."""
    values = {
        "ids": rows.texts([each.id for each in new]), "topics": rows.texts([each.topic_id for each in new]),
        "weeks": [each.week_on for each in new], "hows": rows.texts([each.how for each in new]),
        "people": rows.int4s([each.people for each in new]),
        "expected": rows.int4s([each.expected_hundredths for each in new]),
        "exposed": rows.int4s([each.exposed for each in new]), "owners": rows.texts([each.owner for each in new]),
        "on": tx.business_date,
    }  # fmt: skip
    return frozenset(row["id"] for row in tx.rows(RAISE, values))


def end_alarm(tx: Tx, alarm_id: str, found: str) -> bool:
    """Keep what was found; whether nobody had ended it before."""
    return tx.execute(END_ALARM, {"id": alarm_id, "on": tx.business_date, "by": tx.actor.id, "found": found}) == 1
