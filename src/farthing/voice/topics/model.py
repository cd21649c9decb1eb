"""Own the nouns of topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.inputs import Code, Cursor, Day, Id, Line, ModelText, Statement
from farthing.voice.topics.trends import Chart, Point

Exposed = Literal["customers", "savers", "borrowers"]
How = Literal["at_once", "slowly"]


@dataclass(frozen=True, slots=True)
class AdoptTopics:
    """Let a set of topics stand from now on, as ``farthing voice topics fit`` writes it."""

    body: ModelText


@dataclass(frozen=True, slots=True)
class SortTexts:
    """Sort what was said from one day on and before another by the set in force; go on from where the last piece ended."""

    since: Day
    until: Day
    cursor: Cursor = ""


@dataclass(frozen=True, slots=True)
class NameTopic:
    """Confirm a topic: its name in both languages, its root cause, who is exposed, and by the login who owns its alarms."""

    topic_id: Id
    name_en: Line
    name_zh: Line
    cause: Code
    exposed: Exposed = "customers"
    login: Code = ""


@dataclass(frozen=True, slots=True)
class MergeTopic:
    """Count a topic as one with another, also of another language; with itself it stands alone again."""

    topic_id: Id
    into_id: Id


@dataclass(frozen=True, slots=True)
class EndAlarm:
    """Say what was found of an alarm, which ends it."""

    alarm_id: Id
    found: Statement


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as it is kept."""

    id: str
    language: str
    label: str
    name_en: str
    name_zh: str
    into_id: str
    cause: str
    exposed: Exposed
    owner: str
    since_on: date
    named_on: date | None = None
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A set as it is kept."""

    id: str
    digest: str
    texts: int
    topics: int
    adopted_on: date
    adopted_by: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The set in force, with its data."""

    model: ModelRow
    body: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """One text's topic: which, and by which set. No words."""

    text_id: str
    person: str
    said_on: date
    kind: str
    topic_id: str


@dataclass(frozen=True, slots=True)
class TopicsAdopted:
    """A set that stands now: how many topics, how many of them are new."""

    model_id: str
    digest: str
    topics: int
    fresh: int


@dataclass(frozen=True, slots=True)
class TextsSorted:
    """How many texts were sorted, how many of them are of no topic, and from where to go on; ``next`` is empty at the end."""

    texts: int
    unsorted: int
    next: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A topic that rose in a week, until somebody says what was found."""

    id: str
    topic_id: str
    week_on: date
    how: How
    people: int
    expected_hundredths: int
    exposed: int
    raised_on: date
    owner: str
    ended_on: date | None = None
    ended_by: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as analysts see it: how many people spoke of it in the last year, and of 10,000 exposed in the last full week."""

    topic: TopicRow
    people: int
    last_week: int
    rate: float | None
    quotes: tuple[str, ...]
    stable: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week on a chart."""

    on: date
    point: Point


@dataclass(frozen=True, slots=True)
class TopicChart:
    """A topic with the weeks of this quarter against its limits; ``chart`` is nothing while too few weeks are known."""

    view: TopicView
    chart: Chart | None
    weeks: tuple[Week, ...]
    merged: tuple[TopicRow, ...]
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class AlarmEnded:
    """An alarm that somebody looked at."""

    alarm_id: str
    topic_id: str
    week_on: date


@dataclass(frozen=True, slots=True)
class TopicNamed:
    """A topic as a person confirmed it."""

    topic_id: str
    name_en: str
    name_zh: str
    into_id: str
