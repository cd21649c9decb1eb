"""Forget what the kernel keeps of somebody: answers that are told again, for as long as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel import store


def forget_answers(tx: Tx, said: Sequence[str]) -> int:
    """Forget every stored answer about somebody in which one of these words stands; answers how many. Whoever asks
    again under such a key is answered as if for the first time."""
    return store.forget_answers(tx, said)


def drafts_about(tx: Tx, said: Sequence[str]) -> int:
    """How many drafts wait in whose command one of these words stands, besides the one that is decided now."""
    return store.drafts_about(tx, said)
