"""Own how a judgement is told, on a page as on the command line: what each part of a signature is called and says."""

from __future__ import annotations

from farthing.kit.words import Words
from farthing.signing.judging.model import Kind, SignatureJudged, Standing, Trusted
from farthing.signing.judging.reasons import KINDS, NOT_CHECKED, STATES

YES, NO = Words("yes", "是"), Words("no", "否")


def title(each: SignatureJudged) -> Words:
    """What a signature is, where it stands, and whose."""
    kind, who = KINDS[each.kind], each.signer or "-"
    return Words(f"{kind.en} {each.field}: {who}", f"{kind.zh} {each.field}：{who}")


def facts(each: SignatureJudged, length: int) -> tuple[tuple[Words, Words], ...]:
    """Intact, valid, trusted, when, and how far: each by itself, for none follows from another."""
    intact = {True: YES, False: NO, None: NOT_CHECKED}[each.intact]
    part = Words(f"{each.covers:,} of {length:,} bytes", f"{each.covers:,} 字节，共 {length:,} 字节")
    return (
        (Words("intact", "完好"), intact),
        (Words("valid", "有效"), _valid(each.standing)),
        (Words("trusted", "可信"), _trusted(each.standing)),
        (Words("when", "时间"), _when(each)),
        (Words("covers", "覆盖"), Words("the whole file", "整个文件") if each.whole_file else part),
    )


def _valid(standing: Standing) -> Words:
    told = [STATES[part] for part in (standing.path, standing.period, standing.revocation) if part in STATES]
    if not told:
        return NOT_CHECKED
    return Words(", ".join(each.en for each in told), "，".join(each.zh for each in told))


def _trusted(standing: Standing) -> Words:
    if standing.trusted is Trusted.NOT_CHECKED:
        return NOT_CHECKED
    if standing.trusted is Trusted.NO or not standing.root:
        return STATES[standing.trusted]
    return Words(f"yes, under {standing.root}", f"是，根证书为 {standing.root}")


def _when(each: SignatureJudged) -> Words:
    if each.stamp is not None:
        proved = f"{each.stamp.at:%Y-%m-%dT%H:%M:%SZ}"
        if each.kind is Kind.TIMESTAMP:
            return Words(proved, proved)
        trusted, by = _trusted(each.stamp.standing), each.stamp.by
        return Words(
            f"{proved}, vouched for by {by} (trusted: {trusted.en})", f"{proved}，由 {by} 证明（可信：{trusted.zh}）"
        )
    if each.claimed_at is None:
        return Words("not told", "未说明")
    claimed = f"{each.claimed_at:%Y-%m-%dT%H:%M:%SZ}"
    return Words(f"{claimed}, which is only claimed", f"{claimed}（仅为自称）")
