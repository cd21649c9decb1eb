"""Own where the terms of money against a confirmed payable stand, as a file that a bank publishes."""

from __future__ import annotations

from pathlib import Path

PRODUCT = "receivable-advance"
SOURCE = Path(__file__).parent / f"{PRODUCT}.toml"
