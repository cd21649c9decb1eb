"""Hand codes to the gateway when the transaction that made them is over.

A code is not an errand: nothing is lost where it never comes, for another can be asked for, and it shall stand nowhere
in the clear, not even for a moment. Whoever asks does not wait for the carrier, so that the time of the answer does not
tell how many phones were written to.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from farthing.identity.proof.model import Message
from farthing.kernel.gateway import Gateway
from farthing.kernel.run import Kernel

LOG = logging.getLogger("farthing.identity")
_SENDERS = ThreadPoolExecutor(4, thread_name_prefix="gateway")


def send(kernel: Kernel, proof_id: str, messages: Sequence[Message]) -> None:
    """Send the messages of a proof: the sandbox at once, a carrier beside the answer."""
    gateway: Gateway = kernel.ports.peer("gateway")
    for number, message in enumerate(messages):
        if gateway.name == "sandbox":
            _send(gateway, f"{proof_id}:{number}", message)
        else:
            _SENDERS.submit(_send, gateway, f"{proof_id}:{number}", message)


def _send(gateway: Gateway, message_id: str, message: Message) -> None:
    try:
        gateway.send(message_id, message.phone, message.text)
    except Exception as problem:
        LOG.warning("a code could not be handed to %s: %s", gateway.name, type(problem).__name__)
