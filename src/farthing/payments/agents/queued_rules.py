"""Decide about acts that were made without a network: what is bounded, and what is told of those that wait. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.products.agent_rules import AgentRules

T = TypeVar("T")
AHEAD = timedelta(minutes=10)
"""By how much a device's clock may be fast."""
MOST_DEVICES = 50

UNKNOWN_DEVICE = not_found("agents.unknown_device", "This agent has no device {device}.", "该代理点没有设备 {device}。")
TOO_MANY_DEVICES = declined(
    "agents.too_many_devices", "An agent has at most {most} devices.", "每个代理点至多 {most} 台设备。"
)
NOT_SIGNED = malformed(
    "agents.not_signed",
    "Act {number} is not as the device signed it: somebody changed it. It was not kept.",
    "第 {number} 笔与设备签名不符，可能已被篡改；未予受理。",
)
NUMBER_TAKEN = conflict(
    "agents.number_taken",
    "The device signed another act under number {number} before; this one was not kept.",
    "设备已用编号 {number} 签署过另一笔；本笔未予受理。",
)
REVOKED = declined(
    "agents.device_revoked", "The device was revoked before this act came in.", "该笔上传前，设备已被停用。"
)
NOBODY = declined(
    "agents.nobody_answers",
    "Nobody with a wallet answers to the phone that was written down.",
    "登记的手机号没有对应的钱包客户。",
)
TOO_OLD = declined(
    "agents.queued_too_old",
    "Acts come in within {hours} hours ({article}); this one is of {at}.",
    "离线业务须在 {hours} 小时内上传（{article_zh}）；本笔办理于 {at}。",
)
AHEAD_OF_TIME = declined(
    "agents.queued_ahead",
    "The act says {at}, which is still to come; set the device's clock.",
    "该笔时间 {at} 尚未到来；请校准设备时钟。",
)
OVER_OFFLINE = declined(
    "agents.over_offline",
    "Without a network at most {most} at once ({article}); {asked} was asked for.",
    "离线办理单笔至多 {most}（{article_zh}）；申请 {asked}。",
)
OVER_OFFLINE_DAY = declined(
    "agents.over_offline_day",
    "Without a network an agent's acts come to at most {most} in a day, and {acts} in number ({article}); {gone} in {count} went "
    "already.",
    "每个代理点每日离线合计至多 {most}、{acts} 笔（{article_zh}）；今日已办 {gone}、{count} 笔。",
)
NOT_WAITING = conflict(
    "agents.not_waiting", "No act {number} of this device waits for a person.", "该设备没有待人工处理的第 {number} 笔。"
)
DROPPED_WORDLESS = malformed(
    "agents.dropped_wordless",
    "Say why the act is not applied; the agent reads it.",
    "请说明不予入账的原因；代理点会看到。",
)


def act_id_of(agent_id: str, device_id: str, number: int) -> str:
    """The id of a queued act: the same whenever it comes in, so that its entry can be posted once only."""
    return prefixed("agentact", derived(f"{agent_id}\n{device_id}\n{number}"))


def device_of(devices: Mapping[str, T], device_id: str) -> T:
    """A device; refuses ``agents.unknown_device``."""
    if device_id not in devices:
        raise UNKNOWN_DEVICE(device=repr(device_id[:60]))
    return devices[device_id]


def check_devices(count: int) -> None:
    """Refuse ``agents.too_many_devices``."""
    if count >= MOST_DEVICES:
        raise TOO_MANY_DEVICES(most=MOST_DEVICES)


def check_signed(holds: bool, number: int) -> None:
    """Refuse ``agents.not_signed``."""
    if not holds:
        raise NOT_SIGNED(number=number)


def check_number(before: bytes | None, digest: bytes, number: int) -> None:
    """Refuse ``agents.number_taken``: what came in under a number is that for ever."""
    if before is not None and before != digest:
        raise NUMBER_TAKEN(number=number)


def check_device(revoked: bool) -> None:
    """Refuse ``agents.device_revoked``."""
    if revoked:
        raise REVOKED()


def customer_of(party_id: str | None) -> str:
    """Whose an act is; refuses ``agents.nobody_answers``."""
    if party_id is None:
        raise NOBODY()
    return party_id


def check_waits(waits: bool, number: int) -> None:
    """Refuse ``agents.not_waiting``."""
    if not waits:
        raise NOT_WAITING(number=number)


def check_note(note: str) -> None:
    """Refuse ``agents.dropped_wordless``."""
    if not note.strip():
        raise DROPPED_WORDLESS()


def check_age(law: AgentRules | None, at: datetime, now: datetime) -> None:
    """Refuse what is too old, or still to come."""
    if at > now + AHEAD:
        raise AHEAD_OF_TIME(at=_minute(at))
    if law is not None and at < now - timedelta(hours=law.offline_hours_max):
        raise TOO_OLD(hours=law.offline_hours_max, at=_minute(at), article=law.article.en, article_zh=law.article.zh)


def check_offline(law: AgentRules | None, amount: Money, gone: int, count: int) -> None:
    """Refuse more without a network than one act, or an agent's day, may come to: ``gone`` in ``count`` acts before."""
    if law is None or law.offline_each_max.currency != amount.currency:
        return
    said = {"article": law.article.en, "article_zh": law.article.zh}
    if amount > law.offline_each_max:
        raise OVER_OFFLINE(most=str(law.offline_each_max), asked=str(amount), **said)
    if gone + amount.minor > law.offline_day_max.minor or count >= law.offline_acts_max:
        raise OVER_OFFLINE_DAY(
            most=str(law.offline_day_max),
            acts=law.offline_acts_max,
            gone=str(Money(gone, amount.currency)),
            count=count,
            **said,
        )


def sum_names(home: str, agent_id: str) -> tuple[str, str]:
    """Under which names an agent's acts without a network are counted: what they come to, and how many."""
    return f"{home}:agent-offline:{agent_id}", f"{home}:agent-offline-acts:{agent_id}"


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
