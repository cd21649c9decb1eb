"""Own the bank that a command works on: opened by the settings, closed when the command ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from farthing.commands.problems import SETTING
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.products import service as products
from farthing.town.opening import open_bank, standing_bank


def settings() -> Settings:
    """The settings, each usable by itself and the policy pack there; refuses ``commands.setting_invalid``."""
    found = Settings()
    packs = sorted(path.stem for path in (products.ROOT / "policies").glob("*.toml"))
    if found.policy not in packs:
        raise SETTING(name="FARTHING_POLICY", value=repr(found.policy), problem=f"choose one of {', '.join(packs)}")
    return found


@contextlib.contextmanager
def bank(*, standing: bool = False) -> Iterator[Kernel]:
    """The bank that the settings name, founded if it is new; ``standing``: only one that stands, left as it is."""
    kernel = standing_bank(settings()) if standing else open_bank(settings())
    try:
        yield kernel
    finally:
        kernel.database.close()
