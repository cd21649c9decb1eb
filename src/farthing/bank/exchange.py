"""Open a credit-information node for a door: the same kernel over a home of its own, and what its day's close does."""

from __future__ import annotations

from farthing.assurance import service as assurance
from farthing.bank.ports import log_signer
from farthing.exchange.disputing import service as disputes
from farthing.exchange.node_service import Node, open_node
from farthing.exchange.notices import service as notices
from farthing.kernel import day
from farthing.kernel.ports import Ports
from farthing.kernel.settings import Settings

STEPS = (
    disputes.lapse_disputes,  # what nobody answered by today is gone before the day is
    notices.unreached,
    day.forget_keys,
    assurance.daily_checkpoint,
)
"""The steps of a node's day."""


def open_exchange(settings: Settings) -> Node:
    """The node of a home; refuses ``exchange.not_open``."""
    return open_node(settings, Ports({"signer": {"log": lambda: log_signer(settings)}}), STEPS)
