"""Own which events tell of agents, and what each says."""

from __future__ import annotations

from farthing.events.kinds import Kind, noted, posted, told
from farthing.kit.words import Words
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import service as agents
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import HIGH, LOW, FloatTold
from farthing.payments.agents.queued_model import APPLIED, WAITS, QueuedTold
from farthing.payments.wallets import AGENT_IN, AGENT_OUT

AGENTS: tuple[Kind, ...] = (
    told(
        "agents.box_counted", Words("The box of an agent was counted.", "代理点盘点了现金。"), serving.count,
        agent_id="result.agent_id", expected="result.expected", counted="result.counted", difference="result.difference",
    ),
    posted("agents.cash_given", Words("A customer drew cash at an agent.", "客户在代理点支取现金。"), AGENT_OUT, "act"),
    posted("agents.cash_taken", Words("A customer paid cash in at an agent.", "客户在代理点存入现金。"), AGENT_IN, "act"),
    told(
        "agents.contract_changed",
        Words("Other terms were agreed with an agent, from a day on.", "代理点合同已变更，自某日起生效。"),
        agents.change_contract, agent_id="command.agent_id", from_on="result.from_on", ceiling="result.ceiling",
    ),
    told(
        "agents.device_registered", Words("A device may sign acts of an agent.", "登记了代理点设备。"), queues.register_device,
        agent_id="result.agent_id", device_id="result.id",
    ),
    told(
        "agents.device_revoked", Words("A device signs no more acts of an agent.", "停用了代理点设备。"), queues.revoke_device,
        agent_id="result.agent_id", device_id="result.id",
    ),
    told(
        "agents.ended", Words("An agent takes and gives no cash any more.", "代理点已停止办理现金业务。"), agents.end_agent,
        agent_id="result.id", ended_on="result.ended_on",
    ),
    noted("agents.float_high", Words("An agent's float is near its ceiling.", "代理点备付额度接近上限。"), HIGH, FloatTold),
    noted("agents.float_low", Words("An agent's float fell low.", "代理点备付额度低于预警线。"), LOW, FloatTold),
    told(
        "agents.float_moved", Words("An agent bought or sold float.", "代理点购买或赎回备付额度。"), floats.buy_float,
        floats.sell_float, floats.float_for_cash, floats.cash_for_float, act_id="result.id", agent_id="result.agent_id",
        what="result.what", against="result.against", amount="result.amount", float_now="result.float_now",
    ),
    told(
        "agents.opened", Words("A shop takes cash in and gives it out.", "商户开通代理点。"), agents.open_agent,
        agent_id="result.id", merchant_id="result.merchant_id", party_id="result.party_id",
    ),
    noted("agents.queued_applied", Words("An act without a network was applied.", "离线业务已入账。"), APPLIED, QueuedTold),
    told(
        "agents.queued_dropped",
        Words("The bank decided that an act without a network is not applied.", "离线业务经人工处理，不予入账。"),
        queues.drop_queued, agent_id="command.agent_id", device_id="result.device_id", sequence="result.number",
        problem="result.problem",
    ),
    noted(
        "agents.queued_waits", Words("An act without a network waits for a person.", "离线业务待人工处理。"), WAITS, QueuedTold,
    ),
)  # fmt: skip
"""By name, as all kinds of events are."""
