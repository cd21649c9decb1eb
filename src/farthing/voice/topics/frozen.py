"""Own a set of topics that stands still: its text, its digest, and to which topic a new complaint belongs. Pure.

Weights are whole numbers in the text, so that the digest is of data and not of a processor; nothing but arithmetic is needed to
sort a complaint. Between two fits the set does not move, and what rises is what people say.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from farthing.kit.canonical import written
from farthing.voice.topics.refusals import UNREADABLE
from farthing.voice.topics.wording import features

WHOLE = 10_000
LEAST_PEOPLE = 5
"""Fewer people than these are not shown as a topic, nor is a word that fewer used."""
IDS = re.compile(r"topic-(?:zh|en)-\d{3,6}")
LANGUAGES = ("zh", "en")
MOST_TOPICS, MOST_TERMS = 60, 1_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it was found: its words, typical quotes (scrubbed, and veiled where few use a word), how many people and texts
    it was found in, how well it was found again in part of them (of 10,000), what its terms weigh, and from what likeness on a
    text is of it."""

    id: str
    label: tuple[str, ...]
    quotes: tuple[str, ...]
    people: int
    texts: int
    stable: int
    floor: int
    terms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tongue:
    """The topics of one language. ``rare``: how seldom each term is; ``again``: how alike fits to parts of the texts sorted all
    of them (adjusted Rand index, of 10,000)."""

    language: str
    texts: int
    people: int
    again: int
    rare: Mapping[str, int]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of all languages, frozen."""

    tongues: tuple[Tongue, ...]

    @property
    def topics(self) -> tuple[tuple[str, Topic], ...]:
        """Every topic with its language."""
        return tuple((tongue.language, each) for tongue in self.tongues for each in tongue.topics)


def text_of(topics: Topics) -> str:
    """The set as data."""
    return written(json.loads(json.dumps(asdict(topics))))


def digest(text: str) -> str:
    """What a set is known by."""
    return sha256(text.encode()).hexdigest()


def read(text: str) -> Topics:
    """The set that a text holds; refuses ``topics.unreadable``."""
    try:
        data = json.loads(text)
        found = Topics(tuple(_tongue(each) for each in data["tongues"]))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise UNREADABLE(why=str(broken)[:120]) from broken
    ids = [each.id for _, each in found.topics]
    why = ""
    if not ids or len(ids) != len(set(ids)) or len(ids) > MOST_TOPICS:
        why = "no topics, too many, or one twice"
    elif not all(IDS.fullmatch(each) for each in ids):
        why = "a topic's id"
    elif any(each.people < LEAST_PEOPLE or len(each.terms) > MOST_TERMS for _, each in found.topics):
        why = f"a topic of fewer than {LEAST_PEOPLE} people, or with too many terms"
    elif text_of(found) != text:
        why = "not written as this program writes it"
    if why:
        raise UNREADABLE(why=why)
    return found


def _tongue(data: dict[str, Any]) -> Tongue:
    if data["language"] not in LANGUAGES:
        raise ValueError("language")
    return Tongue(
        data["language"], int(data["texts"]), int(data["people"]), int(data["again"]), _weights(data["rare"]),
        tuple(
            Topic(
                str(each["id"]), tuple(map(str, each["label"])), tuple(map(str, each["quotes"])), int(each["people"]),
                int(each["texts"]), int(each["stable"]), int(each["floor"]), _weights(each["terms"]),
            )
            for each in data["topics"]
        ),
    )  # fmt: skip


def _weights(data: dict[str, Any]) -> dict[str, int]:
    return {str(term): int(weight) for term, weight in data.items()}


@dataclass(frozen=True, slots=True)
class Sorter:
    """A language's topics made ready to sort many texts."""

    ids: tuple[str, ...]
    floors: tuple[float, ...]
    places: Mapping[str, int]
    rare: np.ndarray[Any, np.dtype[np.float64]]
    weights: np.ndarray[Any, np.dtype[np.float64]]

    def likeness(self, words: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """How alike a text is to each topic: the cosine."""
        places = self.places
        counted = Counter(place for each in features(words) if (place := places.get(each)) is not None)
        if not counted:
            return np.zeros(len(self.ids))
        at = np.fromiter(counted, dtype=np.intp)
        held = (1 + np.log(np.fromiter(counted.values(), dtype=np.float64))) * self.rare[at]
        found: np.ndarray[Any, np.dtype[np.float64]] = self.weights[at].T @ held / np.sqrt(held @ held)
        return found

    def topic(self, words: str) -> str:
        """The topic of a text: the nearest, nothing where none is near enough."""
        likeness = self.likeness(words)
        best = int(likeness.argmax()) if len(likeness) else 0
        return self.ids[best] if len(likeness) and likeness[best] >= max(self.floors[best], 1e-9) else ""


def sorter(tongue: Tongue) -> Sorter:
    """Make ready to sort the texts of a language."""
    places = {term: place for place, term in enumerate(tongue.rare)}
    weights = np.zeros((len(places), len(tongue.topics)))
    for column, each in enumerate(tongue.topics):
        for term, weight in each.terms.items():
            weights[places[term], column] = weight
    norms = np.sqrt((weights**2).sum(axis=0))
    return Sorter(
        tuple(each.id for each in tongue.topics),
        tuple(each.floor / WHOLE for each in tongue.topics),
        places,
        np.array(list(tongue.rare.values()), dtype=np.float64) / WHOLE,
        weights / np.where(norms > 0, norms, 1),
    )


def sorters(topics: Topics) -> dict[str, Sorter]:
    """Make ready to sort texts of every language that has topics."""
    return {each.language: sorter(each) for each in topics.tongues}


def counted(people: Iterable[str]) -> int:
    """How many people: one who says a thing twice is one."""
    return len(set(people))
