"""Decide whether a consent is one, and whether a use keeps to it. Pure: giver and recipient decide by the same functions.

Precedence when it is given: signature, form, giver, template, stretching. When it is used: whose, purpose, state, kinds, range,
fetches. Every refusal has a code of its own, so that a program knows what to ask the person for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from farthing.exchange.consents.model import SCHEMA, Artefact, Ceiling, Kept, Template, Use
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.words import Words

UNSIGNED = forbidden(
    "exchange.consent_unsigned",
    "The consent is not signed by a key that is known as the person's own; let her sign it, with a key that she registered.",
    "该授权未经本人已登记的密钥签署；请由本人以其已登记的密钥签署。",
)
MALFORMED = malformed(
    "exchange.consent_malformed",
    "This is no consent of the form {schema} ({problem}).",
    "这不是 {schema} 格式的授权（{problem}）。",
)
TEMPLATE_UNKNOWN = declined(
    "exchange.consent_template_unknown",
    "There is no template {template} for consents; there are: {known}.",
    "没有授权模板 {template}；可用模板：{known}。",
)
STRETCHED = declined(
    "exchange.consent_stretched",
    "The consent allows more than its template {template} ({what}: {wanted}, at most {most}); let it be given anew within it.",
    "该授权超出模板 {template} 的上限（{what}：{wanted}，上限 {most}）；请在模板范围内重新授权。",
)
OTHERS = forbidden(
    "exchange.consent_of_others",
    "The consent names {named} and not {asked}; it is good for nobody else.",
    "该授权指明的是 {named}，而非 {asked}；不适用于他人。",
)
PURPOSE = declined(
    "exchange.consent_purpose",
    "The consent is for {allowed} and not for {asked}; ask the person for another.",
    "该授权的目的为“{allowed}”，而非“{asked}”；请另行取得授权。",
)
NOT_BEGUN = declined("exchange.consent_not_begun", "The consent begins at {begins}.", "该授权自 {begins} 起生效。")
EXPIRED = declined(
    "exchange.consent_expired",
    "The consent ended at {ended}; ask the person for another.",
    "该授权已于 {ended} 到期；请重新取得授权。",
)
WITHDRAWN = declined(
    "exchange.consent_withdrawn",
    "The person took the consent back at {at}; nothing is given under it, and what was fetched under it is deleted.",
    "本人已于 {at} 撤回授权；不再据此提供信息，已取得的信息须删除。",
)
PAUSED = declined(
    "exchange.consent_paused",
    "The person paused the consent; wait until it is resumed.",
    "本人已暂停该授权；请等待恢复。",
)
KIND = declined(
    "exchange.consent_kind",
    "The consent does not cover {kind}; leave it out, or ask the person for another.",
    "该授权不包括 {kind}；请去除该类别或另行取得授权。",
)
RANGE = declined(
    "exchange.consent_range",
    "The consent covers {most} months of {kind}, and {asked} were asked for.",
    "该授权允许查询 {kind} 最近 {most} 个月，本次请求 {asked} 个月。",
)
SPENT = declined(
    "exchange.consent_spent",
    "The consent allows {most} fetches of {kind} ({every}), and they are used.",
    "该授权允许取得 {kind} {most} 次（{every}），次数已用完。",
)
UNKNOWN = not_found("exchange.consent_unknown", "There is no consent {consent_id} here.", "此处没有授权 {consent_id}。")
OTHER_CONTENT = conflict(
    "exchange.consent_other",
    "There is a consent {consent_id} with other content; a consent is never changed: give another.",
    "授权 {consent_id} 已存在且内容不同；授权不可更改，请另行授权。",
)
REVOKED_FOR_GOOD = conflict(
    "exchange.consent_over",
    "The consent {consent_id} is over ({state}); give another.",
    "授权 {consent_id} 已终止（{state}）；请另行授权。",
)

PURPOSE_NAMES: Mapping[str, Words] = {
    "loan_application": Words("a loan application", "贷款申请"),
    "account_review": Words("the review of a loan that runs", "贷后管理"),
    "guarantee": Words("becoming a guarantor", "提供保证"),
}
KIND_NAMES: Mapping[str, Words] = {
    "instalment": Words("instalment loans", "分期贷款"),
    "revolving": Words("cards and revolving lines", "信用卡和循环额度"),
    "bnpl": Words("pay-later accounts", "先享后付账户"),
    "guarantee": Words("guarantees", "担保"),
    "utility": Words("rent and utilities", "租金和公用事业缴费"),
    "public_record": Words("public records", "公共记录"),
    "inquiry": Words("who asked", "查询记录"),
}
EVERY_NAMES: Mapping[str, Words] = {
    "once": Words("in all", "共计"),
    "day": Words("a day", "每日"),
    "month": Words("a month", "每月"),
    "year": Words("a year", "每年"),
}
PERIOD = {"day": timedelta(days=1), "month": timedelta(days=31), "year": timedelta(days=366)}
_OFTEN = {"once": 0, "year": 1, "month": 12, "day": 366}
"""How often a period comes in a year: a consent may not choose one that comes oftener than its template's."""


def check_given(artefact: Artefact, templates: Mapping[str, Template], controller: str) -> Template:
    """A consent as it arrives, within its template in each respect; answers the template.

    Refuses ``exchange.consent_malformed``, ``.consent_of_others``, ``.consent_template_unknown``, ``.consent_purpose``,
    ``.consent_stretched``.
    """
    if artefact.schema != SCHEMA or not artefact.kinds:
        problem = Words("another schema, or no kinds", "版本不符或未列明类别")
        raise MALFORMED(schema=SCHEMA, problem=problem)
    if len({each.kind for each in artefact.kinds}) != len(artefact.kinds):
        raise MALFORMED(schema=SCHEMA, problem=Words("a kind stands twice", "同一类别出现两次"))
    if artefact.begins_at >= artefact.expires_at:
        raise MALFORMED(schema=SCHEMA, problem=Words("it ends before it begins", "到期早于生效"))
    if artefact.controller != controller:
        raise OTHERS(named=artefact.controller, asked=controller)
    template = templates.get(artefact.template)
    if template is None:
        raise TEMPLATE_UNKNOWN(template=artefact.template, known=", ".join(templates))
    if artefact.purpose != template.purpose:
        raise PURPOSE(allowed=PURPOSE_NAMES[template.purpose], asked=PURPOSE_NAMES[artefact.purpose])
    longest = timedelta(days=template.days)
    if artefact.expires_at - artefact.begins_at > longest:
        wanted = (artefact.expires_at - artefact.begins_at).days
        raise STRETCHED(template=template.id, what=Words("days", "有效天数"), wanted=wanted, most=template.days)
    for each in artefact.kinds:
        _within(each, template)
    return template


def _within(asked: Ceiling, template: Template) -> None:
    most = template.ceiling(asked.kind)
    name = KIND_NAMES[asked.kind]
    if most is None:
        raise STRETCHED(template=template.id, what=name, wanted=asked.months, most=0)
    compared = (
        ("months", asked.months, most.months, Words("months back", "回溯月数")),
        ("life", asked.life_days, most.life_days, Words("days kept", "保存天数")),
        ("often", _OFTEN[asked.every], _OFTEN[most.every], Words("periods a year", "每年周期数")),
        ("fetches", asked.fetches, most.fetches, Words("fetches", "取得次数")),
    )
    for _, wanted, limit, what in compared:
        if wanted > limit:
            said = Words(f"{name.en}, {what.en}", f"{name.zh}，{what.zh}")
            raise STRETCHED(template=template.id, what=said, wanted=wanted, most=limit)
    if min(asked.months, asked.life_days, asked.fetches) < 1:
        raise MALFORMED(schema=SCHEMA, problem=Words("a ceiling is below one", "上限小于一"))


def check_stands(kept: Kept, at: datetime) -> None:
    """That a consent may be used at this instant.

    Refuses ``exchange.consent_withdrawn``, ``.consent_expired``, ``.consent_paused``, ``.consent_not_begun``.
    """
    state = kept.state(at)
    if kept.revoked_at is not None:
        raise WITHDRAWN(at=kept.revoked_at.isoformat())
    if state == "expired":
        raise EXPIRED(ended=kept.artefact.expires_at.isoformat())
    if state == "paused":
        raise PAUSED()
    if at < kept.artefact.begins_at:
        raise NOT_BEGUN(begins=kept.artefact.begins_at.isoformat())


def check_use(kept: Kept, use: Use, at: datetime) -> None:
    """That a use keeps to a consent at the instant at which the answer is made, whenever it was asked.

    Refuses ``exchange.consent_of_others``, ``.consent_purpose``, what :func:`check_stands` refuses, ``.consent_kind``,
    ``.consent_range``, ``.consent_spent``.
    """
    artefact = kept.artefact
    for named, asked in ((artefact.recipient, use.recipient), (artefact.controller, use.controller)):
        if named != asked:
            raise OTHERS(named=named, asked=asked)
    if artefact.purpose != use.purpose:
        raise PURPOSE(allowed=PURPOSE_NAMES[artefact.purpose], asked=PURPOSE_NAMES.get(use.purpose, use.purpose))
    check_stands(kept, at)
    for kind in use.kinds:
        allowed = artefact.ceiling(kind)
        name = KIND_NAMES.get(kind, Words(kind, kind))
        if allowed is None:
            raise KIND(kind=name)
        if use.months > allowed.months:
            raise RANGE(most=allowed.months, kind=name, asked=use.months)
        if fetched_lately(allowed, use.fetched, at) >= allowed.fetches:
            raise SPENT(most=allowed.fetches, kind=name, every=EVERY_NAMES[allowed.every])


def fetched_lately(allowed: Ceiling, fetched: tuple[tuple[str, datetime], ...], at: datetime) -> int:
    """How often a kind was fetched in the period that ends now (in all, where the ceiling is ``once``)."""
    since = at - PERIOD[allowed.every] if allowed.every in PERIOD else None
    return sum(1 for kind, when in fetched if kind == allowed.kind and (since is None or when > since))


def delete_by(artefact: Artefact, kind: str, fetched_at: datetime, ended_at: datetime | None = None) -> datetime:
    """Until when a recipient may keep what it fetched: the days of its kind, and never beyond the consent's withdrawal."""
    allowed = artefact.ceiling(kind)
    until = fetched_at + timedelta(days=allowed.life_days if allowed else 0)
    return until if ended_at is None else min(until, ended_at)
