"""Decide how the levels of a policy pack are said: how well a customer is known, by which evidence and until when. Pure."""

from __future__ import annotations

from farthing.kit.words import Words
from farthing.parties.levels.model import Kind, LevelRules, Source, Step
from farthing.products.law.model import Figure

KINDS: dict[Kind, Words] = {
    "document": Words("identity document", "证件"), "phone": Words("phone", "手机"), "card": Words("bank card", "银行卡"),
    "deposit": Words("small amounts told", "小额打款"), "counter": Words("two of the staff at a counter", "柜台双人面核"),
}  # fmt: skip


def figures(rules: LevelRules) -> tuple[Figure, ...]:
    """Each level with the ways to it, and how long each evidence counts."""
    lasts = [_lasts(each) for each in rules.sources]
    return (
        *(Figure(f"levels.{step.level}", _name(step), _ways(step), step.article) for step in rules.steps),
        Figure(
            "levels.lasts", Words("How long evidence of identity counts", "身份核验凭据有效期"),
            Words("; ".join(each.en for each in lasts), "；".join(each.zh for each in lasts)), rules.article,
        ),
    )  # fmt: skip


def _name(step: Step) -> Words:
    return Words(f"Verification level {step.level}: {step.name.en}", f"核验等级 {step.level}：{step.name.zh}")


def _ways(step: Step) -> Words:
    return Words(
        "; or ".join(" and ".join(KINDS[kind].en for kind in way) for way in step.ways),
        "；或".join("加".join(KINDS[kind].zh for kind in way) for way in step.ways),
    )


def _lasts(source: Source) -> Words:
    what = KINDS[source.kind]
    if not source.months:
        return Words(f"{what.en}: without an end", f"{what.zh}：长期有效")
    return Words(f"{what.en}: {source.months} months", f"{what.zh}：{source.months} 个月")
