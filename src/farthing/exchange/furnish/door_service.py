"""Own how the messages of a cycle become operations."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.exchange.node_service import Run

KINDS: Mapping[str, Run] = {}
"""Kinds of message by which members furnish."""
