"""Own ``LogRules``: how many witnesses must cosign a checkpoint of the evidence log, and how a policy pack says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST = 20


@dataclass(frozen=True, slots=True)
class LogRules:
    """How many witnesses, the first that are named, must have cosigned the checkpoint of an evidence package."""

    witnesses: int
    article: Words


def before(silent: Words) -> LogRules:
    """What holds where no pack says it: nobody need have."""
    return LogRules(0, silent)


def decode(table: Table) -> LogRules:
    """The part ``[log]`` of a policy pack; refuses ``products.*`` by key."""
    found = LogRules(table.whole("witnesses", 0, MOST), table.words("article"))
    table.close()
    return found
