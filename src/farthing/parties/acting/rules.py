"""Decide who may be let act for whom, and who ends that. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.kernel.acting.model import Joint, Power
from farthing.kernel.acting.scopes import for_kind
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.money import Money
from farthing.parties.model import NUMBER_MATCHED, Party

LONGEST_YEARS = 3
"""How long a power with an end may run; then it is given anew."""
JOINT_DAYS = 7
"""How many of the bank's days a joint act waits for its second signatory."""

UNKNOWN = not_found(
    "powers.unknown_power", "There is no power {power_id} of this party.", "该客户没有授权 {power_id}。"
)
ONESELF = malformed(
    "powers.oneself", "Nobody acts for himself under a power; name two parties.", "不能授权自己代办；请填写不同的两方。"
)
HELPER_LEVEL = declined(
    "powers.helper_level",
    "Whoever is to act must be known here at level {needed}, and is not today; that person verifies who they are first, "
    "under Me, How well you are known.",
    "代办人在本行的核验等级须达到 {needed} 级，目前未达到；请其本人先在“我的—核验等级”中完成核验。",
)
WRONG_KIND = declined(
    "powers.wrong_kind",
    "{kind_wanted} is needed here, and {party_id} is not; look the party up again.",
    "此处须为{kind_wanted_zh}，而 {party_id} 不是；请重新查找。",
)
SCOPE_UNFIT = malformed(
    "powers.scope_unfit",
    "{given} is not what such a power can be for; choose of: {known}.",
    "{given} 不在此类授权可选的范围内；可选：{known}。",
)
LIMIT_UNFIT = malformed(
    "powers.limit_unfit",
    "Limits are of one currency and more than nothing, and the one of a day is at least the one of a payment.",
    "各限额须为同一币种且大于零，每日限额不得低于单笔限额。",
)
DAYS_UNFIT = malformed(
    "powers.days_unfit",
    "A power ends on a day after it begins and {years} years from now at the latest; it is given anew then.",
    "授权的终止日须晚于开始日，且距今至多 {years} 年；到期可重新授权。",
)
BEGINS_LATER = declined(
    "powers.begins_later",
    "A legal representative, and whoever is the first to act for an organisation, is entered on the day of taking office: until "
    "{from_on} nobody would act for it.",
    "法定代表人及单位的首位签署人须在任职当日登记；否则 {from_on} 前无人可代表该单位办理业务。",
)
DOCUMENT_MISSING = malformed(
    "powers.document_missing",
    "Name the document that this rests on: whose it is, its number and its day.",
    "请写明所依据的文件：出具方、编号和日期。",
)
NOT_YOURS_TO_END = forbidden(
    "powers.not_yours_to_end",
    "This power rests on a document that the bank has seen; it is ended at a counter, by a court's or the organisation's paper.",
    "此授权以本行已核验的文件为依据；须持法院文书或单位文件到柜台终止。",
)
UNKNOWN_JOINT = not_found(
    "powers.unknown_joint", "There is nothing of that number that waits.", "没有此编号的待共同签署事项。"
)
SAME_PERSON = forbidden(
    "powers.same_person",
    "You asked for this; two jointly means that another signatory of the organisation wants it too.",
    "此事项由您提出；双人共同签署须由本单位另一名授权签署人确认。",
)
JOINT_SETTLED = conflict("powers.joint_settled", "This was {state} already.", "此事项已处理：{state_zh}。")
JOINT_OVER = conflict(
    "powers.joint_over",
    "This waited until {until} and is over; ask for it again.",
    "此事项等待至 {until}，已失效；请重新提出。",
)
STATES_ZH = {"approved": "已确认", "rejected": "已否决", "waiting": "待确认"}


def check(
    kind: str, principal: Party, helper: Party, scope: tuple[str, ...], most_each: Money | None, most_day: Money | None,
    from_on: date, until: date | None, today: date,
) -> None:  # fmt: skip
    """Who may be let act for whom. Refuses ``powers.oneself``, ``powers.wrong_kind``, ``powers.helper_level``,
    ``powers.scope_unfit``, ``powers.limit_unfit``, ``powers.days_unfit``."""
    if principal.id == helper.id:
        raise ONESELF()
    if helper.kind != "person":
        raise WRONG_KIND(kind_wanted="A person", kind_wanted_zh="个人", party_id=helper.id)
    of_people = kind in ("helper", "guardian")
    if (principal.kind == "person") != of_people:
        wanted = ("A person", "个人") if of_people else ("An organisation", "单位")
        raise WRONG_KIND(kind_wanted=wanted[0], kind_wanted_zh=wanted[1], party_id=principal.id)
    if helper.verification_level < NUMBER_MATCHED:
        raise HELPER_LEVEL(needed=NUMBER_MATCHED)
    check_scope(kind, scope)
    check_limits(most_each, most_day)
    latest = date(today.year + LONGEST_YEARS, today.month, min(today.day, 28))
    if until is not None and not max(from_on, today) <= until <= latest:
        raise DAYS_UNFIT(years=LONGEST_YEARS)


def check_begin(role: str, from_on: date, there: Sequence[Power], today: date) -> None:
    """Whoever takes the place of another, or of an organisation's own ways in, does so on the day it is entered. Refuses
    ``powers.begins_later``."""
    acted_for = any(each.state(today) == "in_force" for each in there)
    if from_on > today and (role == "representative" or not acted_for):
        raise BEGINS_LATER(from_on=from_on)


def check_scope(kind: str, scope: tuple[str, ...]) -> None:
    """Refuse ``powers.scope_unfit``."""
    known = [each.name for each in for_kind(kind)]
    unfit = [each for each in scope if each not in known]
    if unfit or not scope:
        raise SCOPE_UNFIT(given=", ".join(unfit) or "-", known=", ".join(known))


def check_limits(most_each: Money | None, most_day: Money | None) -> None:
    """Refuse ``powers.limit_unfit``."""
    given = [each for each in (most_each, most_day) if each is not None]
    if any(each.minor <= 0 for each in given) or len({each.currency for each in given}) > 1:
        raise LIMIT_UNFIT()
    if most_each is not None and most_day is not None and most_day.minor < most_each.minor:
        raise LIMIT_UNFIT()


def check_document(text: str) -> str:
    """What a power rests on, as it is kept; refuses ``powers.document_missing``."""
    if not text.strip():
        raise DOCUMENT_MISSING()
    return text.strip()


def check_ending(power: Power, party_id: str) -> None:
    """Who ends a power from afar: whoever acts under it always, whoever gave it where he gave it himself. Refuses
    ``powers.unknown_power``, ``powers.not_yours_to_end``."""
    if party_id not in (power.principal, power.helper):
        raise UNKNOWN(power_id=power.id)
    if party_id == power.principal and power.kind != "helper":
        raise NOT_YOURS_TO_END()


def check_joint(waits: Joint, decider: str, on: date) -> None:
    """Refuse ``powers.joint_settled``, ``powers.joint_over``, ``powers.same_person``: the person counts, not the login."""
    if waits.state != "waiting":
        raise JOINT_SETTLED(state=waits.state, state_zh=STATES_ZH.get(waits.state, waits.state))
    if on > lapses_on(waits):
        raise JOINT_OVER(until=lapses_on(waits))
    if decider == waits.maker_party:
        raise SAME_PERSON()


def lapses_on(waits: Joint) -> date:
    """The last day on which a joint act may be decided."""
    return waits.made_on + timedelta(days=JOINT_DAYS)
