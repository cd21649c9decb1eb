"""Keep how a person's pages look with the login, so that a new device speaks her language: in its own table, by actor.

Nothing is kept before it is chosen. What is kept is told at sign-in; a page asks nothing for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.db.tx import Tx
from farthing.identity import look_store
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF
from farthing.kit.inputs import Flag
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class KeepLook:
    """What was chosen; what is none stays as it was."""

    language: Literal["zh", "en"] | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    care: Flag | None = None


@dataclass(frozen=True, slots=True)
class KeptLook:
    """What a person has chosen, on any device; none where nothing was."""

    language: str | None = None
    theme: str | None = None
    care: bool | None = None


@operation(
    "identity.keep_look",
    title=Words("Keep how pages look", "保存页面显示设置"),
    permission="identity:self",
    whose=ONESELF,
)
def keep_look(tx: Tx, command: KeepLook) -> KeptLook:
    """Keep language, colours and text size for every device on which one signs in from now on."""
    look_store.keep_look(tx, tx.actor.id, command.language, command.theme, command.care)
    return own_look(tx)


@question("identity.own_look", permission="identity:self", whose=ONESELF)
def own_look(tx: Tx) -> KeptLook:
    """What one has chosen."""
    row = look_store.look_of(tx, tx.actor.id)
    return KeptLook() if row is None else KeptLook(row["language"], row["theme"], row["care"])
