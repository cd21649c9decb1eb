"""Decide what of a text is compared, and in which words a topic is named: Chinese by characters, English by words. Pure.

No segmenter is loaded: two Chinese characters side by side compare better than words do (area .695 against .648 on pairs of
questions), and for labels the longest run of characters that people use alike stands for a word.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache

MASK = re.compile(r"\[(?:amount|number|name|place|mail|link|date)\]|x{2,}|\{?\$[\d.,]+\}?|\d+", re.IGNORECASE)
LATIN = re.compile(r"[a-z][a-z'’]*[a-z]|[a-z]")
HAN = re.compile(r"[\u3400-\u9fff]+")
SENTENCE = re.compile(r"[^。！？!?；;\n.]+[。！？!?；;.]?")
SHORT, LONG = 3, 5
LABEL_LONG = 4
_STOP = (
    "a about after again all also am an and any are as ask asked at be because been before being but by call called "
    "can cannot could did do does doing don't done even ever for from get go going got had has have having he her "
    "here him his how i i'm i've if in into is it it's its just like made make me more my myself never no not now "
    "of off on once one only or other our out over said same say says see she should since so some still such than "
    "that the their them then there these they this those through time to told too two under until up us very via "
    "want was we well went were what when where which while who why will with within without would yes yet you your "
)
STOP = frozenset(_STOP.split())
EMPTY = frozenset("的了是我你他她们在有不没和就都也还到说很要去给被把让与及或但因为所以如果这那个一上下来过着吗呢吧啊")


def plain(words: str) -> str:
    """A text without masks, figures and capitals."""
    return " ".join(MASK.sub(" ", words.lower()).split())


@lru_cache(maxsize=1 << 17)
def _grams(word: str) -> tuple[str, ...]:
    """A word's beginnings, middles and ends of three to five letters, its edges marked."""
    edged = f" {word} "
    if len(edged) <= SHORT:
        return (edged,)
    return tuple(edged[at : at + size] for size in range(SHORT, LONG + 1) for at in range(len(edged) - size + 1))


def features(words: str) -> Iterator[str]:
    """What two texts are compared by: of Latin words their letters, three to five; of Chinese each character and each two."""
    text = plain(words)
    for word in LATIN.findall(text):
        yield from _grams(word)
    for run in HAN.findall(text):
        yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def candidates(words: str) -> set[str]:
    """What may name a topic: English words that say something, and runs of two to four Chinese characters."""
    text = plain(words)
    found = {word for word in LATIN.findall(text) if len(word) > 2 and word not in STOP}
    for run in HAN.findall(text):
        for size in range(2, LABEL_LONG + 1):
            for at in range(len(run) - size + 1):
                part = run[at : at + size]
                if part[0] not in EMPTY and part[-1] not in EMPTY:
                    found.add(part)
    return found


def shingles(words: str) -> set[int]:
    """What near copies share: three words, or three Chinese characters, side by side."""
    text = plain(words)
    units = LATIN.findall(text) + [each for run in HAN.findall(text) for each in run]
    if len(units) < 3:
        return {zlib.crc32(text.encode())}
    return {zlib.crc32(" ".join(units[at : at + 3]).encode()) for at in range(len(units) - 2)}


def used(words: str) -> set[str]:
    """The words of a text that are counted by the people who use them: English words, and each two Chinese characters."""
    text = plain(words)
    found = set(LATIN.findall(text))
    for run in HAN.findall(text):
        found |= {run[at : at + 2] for at in range(len(run) - 1)}
    return found


def veiled(words: str, common: frozenset[str]) -> str:
    """A text in which every word that is not common stands as an ellipsis: what few people say might tell who they are."""
    found = re.sub(r"[A-Za-z][A-Za-z'’]*[A-Za-z]|[A-Za-z]", lambda it: it[0] if it[0].lower() in common else "…", words)
    found = re.sub(r"[\u3400-\u9fff]+", lambda it: _veiled_run(it[0], common), found)
    found = re.sub(r"\d+", "…", found)
    return re.sub(r"…(?:[\s,，、'’-]*…)+", "…", found).strip()


def _veiled_run(run: str, common: frozenset[str]) -> str:
    kept = [False] * len(run)
    for at in range(len(run) - 1):
        if run[at : at + 2] in common:
            kept[at] = kept[at + 1] = True
    return "".join(each if shown else "…" for each, shown in zip(run, kept, strict=True))


def sentences(words: str) -> list[str]:
    """A text's sentences."""
    return [found for each in SENTENCE.findall(words) if len(found := " ".join(each.split())) > 3]
