"""Decide how the clocks of complaints in a policy pack are said. Pure."""

from __future__ import annotations

from farthing.kit.words import Words
from farthing.products.complaint_rules import ComplaintRules
from farthing.products.law.model import Figure
from farthing.products.law.paying import sum_of


def figures(rules: ComplaintRules) -> tuple[Figure, ...]:
    """By when a complaint is answered and asked about once more, who may give how much, and where to go next."""
    en, zh = ("business days", "个工作日") if rules.business else ("days", "天")
    days, one, day = "/".join(map(str, rules.days)), sum_of(rules.alone_max), sum_of(rules.alone_day)
    onward = rules.onward
    return (
        Figure(
            "complaints", Words("Complaints", "投诉"),
            Words(
                f"answered within {days} {en}, each after the first by two persons; asked once more within "
                f"{rules.appeal_within_days} days and answered by another person within {rules.appeal_days}; one member of staff "
                f"gives {one.en} of one complaint and {day.en} in a day; then {onward.name.en} ({onward.where.en}) within "
                f"{onward.within_days} days",
                f"须在 {days} {zh}内答复，首期之后每次延期须两人批准；收到答复后 {rules.appeal_within_days} 天内可申请核查一次，"
                f"由他人在 {rules.appeal_days} 天内答复；员工一人可就一件投诉补偿 {one.zh}、一天共 {day.zh}；"
                f"之后可在 {onward.within_days} 天内向{onward.name.zh}（{onward.where.zh}）反映",
            ),
            rules.article,
        ),
    )  # fmt: skip
