"""Own how topics are found: near copies collapsed, characters weighed, factors fitted, their number chosen by how well parts of
the texts find them again, labelled by what is said in them more than elsewhere, and frozen. Pure; needs scikit-learn.

A topic that parts of the texts do not find again (Jaccard below .6) is dropped: its texts are unsorted. A refit keeps the id
of a topic of before whose texts it mostly holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from farthing.kit.later import Later
from farthing.voice.model import Text
from farthing.voice.topics import labels, twins
from farthing.voice.topics.frozen import LEAST_PEOPLE, WHOLE, Tongue, Topic, Topics, counted, sorter
from farthing.voice.topics.refusals import TOO_FEW
from farthing.voice.topics.wording import features

text = Later("sklearn.feature_extraction.text")
factors = Later("sklearn.decomposition")
compared = Later("sklearn.metrics")

LEAST_TEXTS = 40
NUMBERS = (3, 4, 5, 6, 8, 10, 12, 16)
MOST_FITTED, MOST_TRIED = 5_000, 1_000
TERMS, VOCABULARY = 400, 20_000
PART, ROUNDS = 0.8, 6
KEPT, SAME, SETTLED = 0.6, 0.25, 0.72
SEED = 42
LOOSE = 5
"""The part of a topic's own texts, in a hundred, that lie below the likeness from which on a new text is taken in."""
Matrix = Any
Places = np.ndarray[Any, np.dtype[np.intp]]
Weights = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Heap:
    """Texts that are near copies of one another: what one of them says, and who said it."""

    words: str
    people: frozenset[str]
    texts: int


def heaps(texts: Sequence[Text]) -> list[Heap]:
    """Near copies collapsed, in the order in which the first of each came."""
    found: dict[int, list[Text]] = {}
    for each, first in zip(texts, twins.groups([each.words for each in texts]), strict=True):
        found.setdefault(first, []).append(each)
    return [Heap(each[0].words, frozenset(one.person for one in each), len(each)) for each in found.values()]


def fit(texts: Sequence[Text], before: Topics | None = None, seed: int = SEED) -> Topics:
    """The topics of each language that has texts enough; refuses ``topics.too_few``."""
    tongues, most = [], 0
    for language in ("zh", "en"):
        own = [each for each in texts if each.language == language]
        found = heaps(own)
        most = max(most, len(found))
        old = next((each for each in before.tongues if each.language == language), None) if before else None
        tongue = _tongue(language, own, found, old, seed) if len(found) >= LEAST_TEXTS else old
        if tongue is not None and tongue.topics:
            tongues.append(tongue)
    if not tongues:
        raise TOO_FEW(texts=most, least=LEAST_TEXTS)
    return Topics(tuple(tongues))


def _tongue(language: str, own: Sequence[Text], found: Sequence[Heap], old: Tongue | None, seed: int) -> Tongue | None:
    drawn = np.random.default_rng(seed)
    held = [found[place] for place in _part(drawn, len(found), MOST_FITTED)]
    weigher = text.TfidfVectorizer(
        analyzer=_analyzer, sublinear_tf=True, min_df=LEAST_PEOPLE, max_df=0.5, max_features=VOCABULARY
    )
    matrix = weigher.fit_transform([each.words for each in held])
    terms: list[str] = list(weigher.get_feature_names_out())
    common = labels.by_people(((set(features(each.words)), {each.person}) for each in own), frozenset(terms))
    many = np.array([each in common for each in terms])
    matrix, terms = matrix[:, many], [each for each, kept in zip(terms, many, strict=True) if kept]
    rare = weigher.idf_[many]
    tried = _part(drawn, matrix.shape[0], MOST_TRIED)
    numbers = [each for each in NUMBERS if each * LEAST_PEOPLE * 2 <= len(held)] or [2]
    again = {number: _again(matrix[tried], number, drawn) for number in numbers}
    number = chosen({each: again[each][0] for each in numbers})
    weights = _weights(matrix, number, seed)
    stable = _matched(matrix[tried], weights, again[number][1])
    kept = [column for column in range(number) if stable[column] >= KEPT]
    if not kept:
        return None
    whole = Tongue(
        language, sum(each.texts for each in found), counted(who for each in found for who in each.people),
        round(again[number][0] * WHOLE), {}, (),
    )  # fmt: skip
    said = labels.Said([(each.words, {each.person}) for each in own])
    return _frozen(whole, found, said, terms, rare, weights[kept], [stable[each] for each in kept], old)


def chosen(again: Mapping[int, float]) -> int:
    """How many topics: the most that parts of the texts find again, and where none are, those that are found again best."""
    settled = [number for number, alike in again.items() if alike >= SETTLED]
    return max(settled) if settled else max(again, key=lambda number: (again[number], -number))


def _analyzer(words: str) -> list[str]:
    return list(features(words))


def _part(drawn: np.random.Generator, of: int, most: int) -> Places:
    """At most so many places, in order."""
    return np.sort(drawn.choice(of, min(of, most), replace=False)).astype(np.intp)


def _weights(matrix: Matrix, number: int, seed: int) -> Weights:
    """What each topic's terms weigh: the mean of its texts, by factors that are never below nothing; the greatest only."""
    share = factors.NMF(number, init="nndsvda", random_state=seed, max_iter=300, tol=1e-3).fit_transform(matrix)
    nearest = share.argmax(axis=1)
    found = np.zeros((number, matrix.shape[1]))
    for topic in range(number):
        rows = nearest == topic
        if rows.any():
            found[topic] = np.asarray(matrix[rows].mean(axis=0)).ravel()
            if found.shape[1] > TERMS:
                found[topic][found[topic] < np.sort(found[topic])[-TERMS]] = 0
    norms = np.sqrt((found**2).sum(axis=1, keepdims=True))
    return np.asarray(found / np.where(norms > 0, norms, 1), dtype=np.float64)


def _nearest(matrix: Matrix, weights: Weights) -> Places:
    return np.asarray((matrix @ weights.T).argmax(axis=1)).ravel().astype(np.intp)


def _again(matrix: Matrix, number: int, drawn: np.random.Generator) -> tuple[float, list[Weights]]:
    """How alike fits to parts of the texts sort all of them, and these fits."""
    whole = _nearest(matrix, _weights(matrix, number, SEED))
    fits, alike = [], []
    for turn in range(ROUNDS):
        part = _part(drawn, matrix.shape[0], int(PART * matrix.shape[0]))
        fits.append(_weights(matrix[part], number, SEED + turn))
        alike.append(compared.adjusted_rand_score(whole, _nearest(matrix, fits[-1])))
    return float(np.mean(alike)), fits


def _matched(matrix: Matrix, weights: Weights, fits: Iterable[Weights]) -> list[float]:
    """Of each topic how much of it parts of the texts find again: the mean of the greatest Jaccard index."""
    own = _nearest(matrix, weights)
    found = np.zeros(len(weights))
    rounds = 0
    for each in fits:
        rounds += 1
        other = _nearest(matrix, each)
        for topic in range(len(weights)):
            mine = own == topic
            found[topic] += max((_jaccard(mine, other == one) for one in range(len(each))), default=0.0)
    return [float(each) for each in found / max(1, rounds)]


def _jaccard(one: Any, other: Any) -> float:
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else 0.0


def _frozen(
    whole: Tongue, found: Sequence[Heap], said: labels.Said, terms: Sequence[str], rare: Weights, weights: Weights,
    stable: Sequence[float], old: Tongue | None,
) -> Tongue:  # fmt: skip
    """The topics as data: weights of whole numbers, floors from their own texts, ids of before, labels and quotes."""
    used = np.flatnonzero((weights > 0).any(axis=0))
    bare = replace(
        whole,
        rare={terms[int(place)]: round(float(rare[place]) * WHOLE) for place in used},
        topics=tuple(
            Topic(
                f"topic-{whole.language}-000", (), (), 0, 0, round(stable[row] * WHOLE), 0,
                {terms[int(at)]: max(1, round(float(weights[row, at]) * WHOLE)) for at in np.flatnonzero(weights[row])},
            )
            for row in range(len(weights))
        ),
    )  # fmt: skip
    ready = sorter(bare)
    alike = np.array([ready.likeness(each.words) for each in found])
    best = alike.argmax(axis=1)
    floors = [_floor(alike[best == row, row]) for row in range(len(weights))]
    mine: list[Places] = [
        np.flatnonzero((best == row) & (alike[:, row] * WHOLE >= max(1, floors[row]))) for row in range(len(weights))
    ]
    names = labels.named([[found[place].words for place in places] for places in mine], said)
    ids = _ids(whole.language, [{found[place].words for place in places} for places in mine], found, old)
    topics = []
    for row, (places, each) in enumerate(zip(mine, bare.topics, strict=True)):
        people = counted(who for place in places for who in found[place].people)
        if people < LEAST_PEOPLE:
            continue
        near = places[np.argsort(-alike[places, row], kind="stable")]
        quotes = labels.quotes([(found[place].words, found[place].people) for place in near], said)
        count = sum(found[place].texts for place in places)
        topics.append(
            replace(each, id=ids[row], label=names[row], quotes=quotes, people=people, texts=count, floor=floors[row])
        )
    return replace(bare, topics=tuple(topics))


def _floor(alike: Weights) -> int:
    return int(float(np.percentile(alike, LOOSE)) * WHOLE) if len(alike) else WHOLE


def _ids(language: str, mine: Sequence[set[str]], found: Sequence[Heap], old: Tongue | None) -> list[str]:
    """Ids: of before where a topic of before mostly holds the same texts, each once; a new number otherwise."""
    ids: dict[int, str] = {}
    taken: set[str] = set()
    if old is not None and old.topics:
        ready = sorter(old)
        before: dict[str, set[str]] = {}
        for each in found:
            before.setdefault(ready.topic(each.words), set()).add(each.words)
        pairs = sorted(
            (
                (
                    len(texts & before.get(each.id, set())) / max(1, len(texts | before.get(each.id, set()))),
                    -row,
                    each.id,
                )
                for row, texts in enumerate(mine)
                for each in old.topics
            ),
            reverse=True,
        )
        for overlap, row, ident in pairs:
            if overlap >= SAME and -row not in ids and ident not in taken:
                ids[-row] = ident
                taken.add(ident)
    last = max((int(each.id.rpartition("-")[2]) for each in (old.topics if old else ())), default=0)
    fresh = iter(range(last + 1, last + 1 + len(mine)))
    return [ids.get(row) or f"topic-{language}-{next(fresh):03d}" for row in range(len(mine))]
