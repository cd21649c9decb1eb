"""Open a credit-information node for a door: the same kernel over a home of its own, and what its day's close does."""

from __future__ import annotations

import gc

from farthing.assurance import service as assurance
from farthing.bank.personal_service import settle_keyring
from farthing.bank.ports import keyring_of, log_signer, vault_of
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


def settle() -> None:
    """What was imported lives as long as the process, and a cycle is a million values in no ring at all: the collector looks at
    them seldom, or it costs a fifth of taking them in."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def open_exchange(settings: Settings) -> Node:
    """The node of a home; refuses ``exchange.not_open``."""
    ports = Ports({
        "signer": {"log": lambda: log_signer(settings)}, "vault": {"settings": lambda: vault_of(settings)},
        "keyring": {"file": lambda: keyring_of(settings, vault_of(settings))},
    })  # fmt: skip
    node = open_node(settings, ports, STEPS)
    settle_keyring(node.kernel)
    return node
