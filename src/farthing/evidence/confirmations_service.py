"""Read what somebody confirmed by a key, for a package: the value that a leaf holds as a salted hash, and its salt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from farthing.db.tx import Tx
from farthing.evidence import personal_store, store
from farthing.evidence.model import Leaf

CONFIRMED = "/confirmed/transaction"
"""Where a leaf holds what a person's own key confirmed, as a salted hash (decision 0092)."""


def confirmations(tx: Tx, subjects: Iterable[str]) -> list[dict[str, str]]:
    """What was shown to whoever confirmed something about some ids by a key, with the salt that ties it to its leaf.

    Of what was erased there is none: its leaf and its signature stay.
    """
    found = {leaf.id: leaf.name for each in dict.fromkeys(subjects) for leaf in store.leaves_about(tx, each)}
    opened = personal_store.at(tx, found, CONFIRMED)
    return [{"leaf": found[leaf], "salt": salt.hex(), "value": value} for leaf, salt, value in opened]


REGISTERED = "identity.keep_passkey"
"""The leaf by which somebody registered a passkey."""


def registrations(tx: Tx, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves that say who registered the passkeys by which some leaves were confirmed."""
    confirmed = [leaf.content["data"] for leaf in leaves if b'"confirmed"' in leaf.body]
    keys = {data["confirmed"]["assertion"]["passkey"] for data in confirmed if data.get("confirmed")}
    return store.leaves_of_kinds(tx, sorted(keys), (REGISTERED,)) if keys else []
