"""Own the line to a program that is told of events. Never retries by itself, follows no redirect, keeps nothing it is told.

The address is the choice of whoever made the webhook, and the name is the choice of whoever owns it: only addresses on the
internet are called, unless the deployment allows its own network, and the address that was looked at is the one called.
"""

from __future__ import annotations

from collections.abc import Mapping

from farthing.events.model import Sent
from farthing.kit.addresses import is_outside
from farthing.kit.client import PeerFault, Refused, post

WITHIN = 10.0
"""Seconds for the whole of a delivery, from the look-up of the name to the last byte of the answer."""
AT_MOST = 1 << 16
"""Bytes of an answer that are read; nobody looks at them, but a receiver that says more is not listening."""
GONE = 410
"""How a receiver says that it will never take anything again (Standard Webhooks)."""


class HttpWebhooks:
    """The port ``webhook``: one delivery by HTTP, which is taken by an answer of 200 to 299."""

    def __init__(self, *, anywhere: bool, within: float = WITHIN) -> None:
        self._admits = None if anywhere else is_outside
        self._within = within

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Send one event; answers whether it was taken, or why not."""
        if self._admits is not None and not url.startswith("https://"):
            return Sent(False, "it is told over https alone; the deployment allows plain HTTP no more")
        try:
            said = post(url, body, within=self._within, at_most=AT_MOST, headers=headers, admits=self._admits)
        except PeerFault as fault:
            gone = isinstance(fault, Refused) and fault.status == GONE
            return Sent(False, _one_line(str(fault)), gone, fault.status)
        return Sent(True, status=said.status)


def _one_line(text: str) -> str:
    """What went wrong, as one printable line of our own length."""
    return "".join(each if each.isprintable() else " " for each in text)[:200]
