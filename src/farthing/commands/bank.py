"""Own the bank that a command works on: opened by the settings, closed when the command ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from farthing.bank.exchange import open_exchange
from farthing.bank.opening import open_bank, standing_bank
from farthing.commands.problems import SETTING
from farthing.exchange.node_service import Node, stands
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.town.stage import staged


def settings(**chosen: Any) -> Settings:
    """The settings, each usable by itself and the policy pack there; refuses ``commands.setting_invalid``.

    ``chosen``: what the command itself settles, whatever the environment says.
    """
    found = Settings(**chosen)
    packs = sorted(path.stem for path in (products.ROOT / "policies").glob("*.toml"))
    if found.policy not in packs:
        raise SETTING(
            name="FARTHING_POLICY",
            value=repr(found.policy),
            problem=Words(f"choose one of {', '.join(packs)}", f"请选择 {'、'.join(packs)} 之一"),
        )
    return found


@contextlib.contextmanager
def bank(*, standing: bool = False) -> Iterator[Kernel]:
    """The bank that the settings name, founded if it is new; ``standing``: only one that stands, left as it is. Where a
    credit-information node has its home it is that node: its staff, keys and days are kept by the same commands."""
    found = settings()
    if stands(found.home):
        with node(found) as opened:
            yield opened.kernel
        return
    kernel = standing_bank(found) if standing else open_bank(found)
    try:
        yield staged(kernel, found, look_only=standing)
    finally:
        kernel.database.close()


@contextlib.contextmanager
def node(found: Settings) -> Iterator[Node]:
    """The credit-information node of a home; refuses ``exchange.not_open``."""
    opened = open_exchange(found)
    try:
        yield opened
    finally:
        opened.kernel.database.close()


@contextlib.contextmanager
def real_bank(currency: str | None = None) -> Iterator[Kernel]:
    """The bank that the settings name, founded with a real clock if it is new, in a home currency where one is chosen; a
    simulated one stays unstaged."""
    chosen = {} if currency is None else {"home_currency": currency}
    kernel = open_bank(settings(clock="real", **chosen))
    try:
        yield kernel
    finally:
        kernel.database.close()


def party_id(kernel: Kernel, text: str) -> str:
    """The id of a party typed on the command line: its id, name, phone or number. Refuses as ``parties.the_party`` does."""
    return kernel.read(lambda tx: parties.the_party(tx, text)).id
