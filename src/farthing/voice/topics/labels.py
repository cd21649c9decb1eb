"""Decide by which of its own words a topic is called, and which sentences speak for it. Pure.

A label says what is said in a topic more than elsewhere: tf(t, c) x log(1 + A / f(t)), with A the mean number of words a topic.
A word that fewer than five people used names nothing, and stands in no quote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from farthing.voice.topics.frozen import LEAST_PEOPLE
from farthing.voice.topics.wording import LATIN, candidates, sentences, used, veiled

LABEL, QUOTES, LOOKED_AT, LENGTH = 5, 3, 40, 120
CLEAR = 0.7
"""The part of a sentence's letters that must be left for it to be a quote."""


class Said:
    """Which words are common: those that five people and more used, each in words of his own."""

    def __init__(self, texts: Sequence[tuple[str, set[str]]]) -> None:
        self.common = by_people((used(words), people) for words, people in texts)
        self.naming = by_people((candidates(words), people) for words, people in texts)


def by_people(uses: Iterable[tuple[set[str], set[str]]], among: frozenset[str] | None = None) -> frozenset[str]:
    """What enough people use, of all or of some."""
    people: dict[str, set[str]] = {}
    done: set[str] = set()
    for words, who in uses:
        if among is not None and len(done) == len(among):
            break
        for word in words - done if among is None else words & among - done:
            seen = people.setdefault(word, set())
            seen |= who
            if len(seen) >= LEAST_PEOPLE:
                done.add(word)
                del people[word]
    return frozenset(done)


def named(classes: Sequence[Sequence[str]], said: Said) -> list[tuple[str, ...]]:
    """The words that name each class."""
    counts = [Counter(word for words in each for word in candidates(words) & said.naming) for each in classes]
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    mean = sum(total.values()) / max(1, len(classes))
    found = []
    for each in counts:
        weight = {
            word: count * float(np.log1p(mean / total[word])) * (1 if LATIN.fullmatch(word) else len(word) ** 0.5)
            for word, count in each.items()
        }
        found.append(_apart(sorted(weight, key=lambda word: (-weight[word], word))))
    return found


def _apart(words: Sequence[str]) -> tuple[str, ...]:
    """The first words of which none is a part of another or begins as another does."""
    kept: list[str] = []
    for word in words:
        if len(kept) == LABEL:
            break
        if not any(_same(word, each) for each in kept):
            kept.append(word)
    return tuple(kept)


def _same(one: str, other: str) -> bool:
    if one in other or other in one:
        return True
    if LATIN.fullmatch(one) and LATIN.fullmatch(other):
        return len(one) > 4 and one[:5] == other[:5]
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def quotes(near: Sequence[tuple[str, frozenset[str]]], said: Said) -> tuple[str, ...]:
    """The sentences that speak for a topic, of the texts nearest to it, each of another person."""
    found: list[str] = []
    people: set[str] = set()
    for words, who in near[:LOOKED_AT]:
        if len(found) == QUOTES:
            break
        if who & people:
            continue
        best = _clearest(words, said.common)
        if best and best not in found:
            found.append(best)
            people |= who
    return tuple(found)


def _clearest(words: str, common: frozenset[str]) -> str:
    """The first long sentence of a text of which enough can be shown."""
    for each in sentences(words):
        shown = veiled(each, common)
        letters = sum(one.isalpha() for one in each)
        if letters >= 6 and sum(one.isalpha() for one in shown) >= CLEAR * letters:
            return shown if len(shown) <= LENGTH else shown[:LENGTH] + "…"
    return ""
