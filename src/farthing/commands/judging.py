"""Own how ``farthing verify FILE.pdf`` prints a judgement: the verdict and its reasons, then each signature, then what nobody
checked. One language at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from farthing.commands.language import colon, pick, say
from farthing.kit.canonical import plain
from farthing.kit.words import Words
from farthing.signing.judging.model import Judgement, Reason
from farthing.signing.judging.reasons import MEANINGS, VERDICTS, sentence
from farthing.signing.judging.telling import facts, title


def as_json(found: Judgement) -> str:
    """The whole judgement, with the sentences of its reasons in both languages."""
    told = plain(found)
    for key in ("reasons", "not_checked", "warnings"):
        for written, reason in zip(told[key], getattr(found, key), strict=True):
            words = sentence(reason)
            written["en"], written["zh"] = words.en, words.zh
    return json.dumps(told, ensure_ascii=False)


def text(found: Judgement) -> str:
    """The judgement for a person."""
    return "\n".join(_lines(found))


def _lines(found: Judgement) -> Iterator[str]:
    yield colon(Words("verdict", "结论"), pick(VERDICTS[found.verdict]))
    yield f"  {pick(MEANINGS[found.verdict])}"
    yield from _told(found.reasons)
    for each in found.signatures:
        yield f"\n{pick(title(each))}"
        yield from (f"  {colon(name, pick(value))}" for name, value in facts(each, found.length))
    for name, reasons in (
        (Words("look at", "请留意"), found.warnings),
        (Words("not checked", "未检查"), found.not_checked),
    ):
        if reasons:
            yield f"\n{pick(name)}{say(':', '：')}"
            yield from _told(reasons)
    yield f"\nSHA-256{say(': ', '：')}{found.digest}"


def _told(reasons: Iterable[Reason]) -> Iterator[str]:
    for each in reasons:
        where = f"{each.field}{say(': ', '：')}" if each.field else ""
        yield f"  - {where}{pick(sentence(each))}"
