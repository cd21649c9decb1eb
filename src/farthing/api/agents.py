"""Own the routes of agents: contracts, floats, cash in and out, codes for cash, counts, devices and what they bring in."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import reading_service as reading
from farthing.payments.agents import service as agents
from farthing.payments.agents import serving_service as serving

router = router_of("/v1")

post(router, "/agents", agents.open_agent)
post(router, "/agent-contracts", agents.change_contract)
post(router, "/agent-ends", agents.end_agent)
post(router, "/agent-floats/purchases", floats.buy_float, money=True)
post(router, "/agent-floats/sales", floats.sell_float, money=True)
post(router, "/agent-floats/cash-purchases", floats.float_for_cash, money=True)
post(router, "/agent-floats/cash-sales", floats.cash_for_float, money=True)
post(router, "/agent-cash-ins", serving.cash_in, money=True)
post(router, "/agent-cash-outs", serving.cash_out, money=True)
post(router, "/cash-codes", serving.ask_cash)
post(router, "/cash-codes/withdrawals", serving.drop_cash)
post(router, "/agent-counts", serving.count)
post(router, "/agent-devices", queues.register_device)
post(router, "/agent-devices/revocations", queues.revoke_device)
post(router, "/agent-syncs", queues.sync, money=True)
post(router, "/agent-syncs/retries", queues.retry, money=True)
post(router, "/agent-syncs/decisions", queues.drop_queued)
get(router, "/parties/{party_id}/agents", reading.mine)
get(router, "/parties/{party_id}/cash-code", serving.cash_code)
get(router, "/parties/{party_id}/agents/{agent_id}", reading.desk)
get(router, "/parties/{party_id}/agents/{agent_id}/acts", reading.acts, "on", "before", "limit")
get(router, "/parties/{party_id}/agents/{agent_id}/queue", reading.queue)
get(router, "/parties/{party_id}/agents/{agent_id}/devices", reading.devices)
get(router, "/parties/{party_id}/agents/{agent_id}/counts", reading.counts)
get(router, "/agents", reading.all_agents, "after", "limit")
get(router, "/agents/{agent_id}", reading.agent)
get(router, "/agents/{agent_id}/acts", reading.acts_of, "on", "before", "limit")
get(router, "/agents/{agent_id}/queue", reading.queue_of)
