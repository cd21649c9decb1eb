"""Decide whether a person may be erased now, and until when the law keeps the records. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.kit.calendar import add_months
from farthing.kit.errors import conflict, declined
from farthing.kit.words import Words
from farthing.products.policy import Policy

ERASED_ALREADY = conflict(
    "assurance.erased_already", "What was personal of {party_id} is erased already.", "{party_id} 的个人信息已删除。"
)
ERASE_STANDS = declined(
    "assurance.erase_stands",
    "Something is open with this person: {what}; end it first. While it is, the data are needed for it (Personal Information "
    "Protection Law of the PRC art. 13 and 47, GDPR art. 17 (1) (a)).",
    "该客户仍有未了事项：{what}；请先了结。在此期间处理目的尚未实现（个人信息保护法第十三条、第四十七条，GDPR 第 17 条）。",
)
RESTRICTED_ALREADY = conflict(
    "assurance.restricted_already",
    "The data of {party_id} are restricted already; they are erased by themselves on {until}.",
    "{party_id} 的个人信息已限制处理；将于 {until} 自动删除。",
)
NOT_RESTRICTED = conflict(
    "assurance.not_restricted", "The data of {party_id} are not restricted.", "{party_id} 的个人信息未被限制处理。"
)


def check_nothing_stands(standing: Sequence[Words]) -> None:
    """Refuse ``assurance.erase_stands`` with what is open."""
    if told := standing[:10]:
        raise ERASE_STANDS(what=Words(", ".join(each.en for each in told), "、".join(each.zh for each in told)))


def kept_until(last: date | None, policy: Policy, today: date) -> tuple[date, Words] | None:
    """The day until which the law keeps the records of business that ended on ``last``, and the law; none once it keeps none.

    Anti-Money Laundering Law of the PRC art. 34: ten years; Directive (EU) 2015/849 art. 40: five. Until then the data are only
    stored and protected (Personal Information Protection Law of the PRC art. 47, GDPR art. 18).
    """
    kept = policy.records_kept_years_min
    if last is None or kept is None:
        return None
    until = add_months(last, 12 * int(kept.value))
    return (until, kept.article) if today < until else None
