"""Own where a decision takes a person's exposure at other lenders from: the form of it stands below credit and the exchange."""

from __future__ import annotations

from farthing.kit.exposure import Exposure

__all__ = ["Exposure"]
