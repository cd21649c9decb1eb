"""Say of each table that holds something sealed how its rows are opened for whoever takes over, and sealed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from farthing.db.tx import Tx
from farthing.lending.collections import carrying_service as typed
from farthing.parties import carrying_service as known_by
from farthing.signing import carrying_service as contracts

Turned = Callable[[Tx, str, Sequence[str]], list[str]]

OPENED: Mapping[str, Turned] = {
    **dict.fromkeys(known_by.CARRIED, known_by.opened), **dict.fromkeys(contracts.CARRIED, contracts.told),
    **dict.fromkeys(typed.CARRIED, typed.told),
}  # fmt: skip
TAKEN: Mapping[str, Turned] = {
    **dict.fromkeys(known_by.CARRIED, known_by.taken), **dict.fromkeys(contracts.CARRIED, contracts.taken),
    **dict.fromkeys(typed.CARRIED, typed.taken),
}  # fmt: skip
FIRST_OF_KEY: Mapping[str, str] = {"contract_revision": "contract_id", "loan_contact": "party_id"}
"""The first column of the key of a table whose key is not an id."""
