"""Own how ``farthing verify FILE.pdf`` tells a judgement: the verdict and its reasons, then each signature, then what nobody
checked. One language at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from farthing.commands.language import colon, pick, say
from farthing.kit.canonical import plain
from farthing.kit.words import Words
from farthing.signing.judging.model import Judgement, Kind, Reason, SignatureJudged, Standing, Trusted
from farthing.signing.judging.reasons import KINDS, MEANINGS, NOT_CHECKED, STATES, VERDICTS, sentence


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
        yield ""
        yield from _signature(each, found.length)
    if found.warnings:
        yield ""
        yield colon(Words("look at", "请留意"), "")
        yield from _told(found.warnings)
    if found.not_checked:
        yield ""
        yield colon(Words("not checked", "未检查"), "")
        yield from _told(found.not_checked)
    yield ""
    yield colon(Words("SHA-256", "SHA-256"), found.digest)


def _told(reasons: Iterable[Reason]) -> Iterator[str]:
    for each in reasons:
        where = f"{each.field}{say(': ', '：')}" if each.field else ""
        yield f"  - {where}{pick(sentence(each))}"


def _signature(each: SignatureJudged, length: int) -> Iterator[str]:
    kind = pick(KINDS[each.kind])
    yield f"{kind} {each.field}{say(': ', '：')}{each.signer or '-'}"
    intact = {True: Words("yes", "是"), False: Words("no", "否"), None: NOT_CHECKED}[each.intact]
    yield "  " + colon(Words("intact", "完好"), pick(intact))
    yield "  " + colon(Words("valid", "有效"), _valid(each.standing))
    yield "  " + colon(Words("trusted", "可信"), _trusted(each.standing))
    yield "  " + colon(Words("when", "时间"), _when(each))
    covers = Words("the whole file", "整个文件") if each.whole_file else Words(
        f"{each.covers:,} of {length:,} bytes", f"{each.covers:,} 字节，共 {length:,} 字节"
    )  # fmt: skip
    yield "  " + colon(Words("covers", "覆盖"), pick(covers))


def _valid(standing: Standing) -> str:
    parts = (standing.path, standing.period, standing.revocation)
    told = [pick(STATES[each]) for each in parts if each in STATES]
    return say(", ", "，").join(told) if told else pick(NOT_CHECKED)


def _trusted(standing: Standing) -> str:
    if standing.trusted is Trusted.NOT_CHECKED:
        return pick(NOT_CHECKED)
    under = say(f", under {standing.root}", f"，根证书为 {standing.root}") if standing.root else ""
    return pick(STATES[standing.trusted]) + (under if standing.trusted is Trusted.YES else "")


def _when(each: SignatureJudged) -> str:
    if each.stamp is not None:
        proved = f"{each.stamp.at:%Y-%m-%dT%H:%M:%SZ}"
        if each.kind is Kind.TIMESTAMP:
            return proved
        trusted = _trusted(each.stamp.standing)
        return say(
            f"{proved}, vouched for by {each.stamp.by} (trusted: {trusted})",
            f"{proved}，由 {each.stamp.by} 证明（可信：{trusted}）",
        )
    if each.claimed_at is None:
        return say("not told", "未说明")
    return say(
        f"{each.claimed_at:%Y-%m-%dT%H:%M:%SZ}, which is only claimed",
        f"{each.claimed_at:%Y-%m-%dT%H:%M:%SZ}（仅为自称）",
    )
