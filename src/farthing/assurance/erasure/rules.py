"""Decide whether a person may be erased now. Pure."""

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
    "Something is open with this person: {what}; end it first.",
    "该客户仍有未了事项：{what}；请先了结。",
)
ERASE_KEPT = declined(
    "assurance.erase_kept",
    "The law keeps the records of this person until {until}; repeat the request then. The rule: {article}.",
    "依法该客户的记录须保存至 {until}；届时请再次申请。依据：{article_zh}。",
)


def check_nothing_stands(standing: Sequence[Words]) -> None:
    """Refuse ``assurance.erase_stands`` with what is open."""
    if told := standing[:10]:
        raise ERASE_STANDS(what=Words(", ".join(each.en for each in told), "、".join(each.zh for each in told)))


def check_nothing_is_kept(last: date | None, policy: Policy, today: date) -> None:
    """Refuse ``assurance.erase_kept`` while the law keeps records of business that ended on ``last``."""
    kept = policy.records_kept_years_min
    if last is None or kept is None:
        return
    until = add_months(last, 12 * int(kept.value))
    if today < until:
        raise ERASE_KEPT(until=until.isoformat(), article=kept.article.en, article_zh=kept.article.zh)
