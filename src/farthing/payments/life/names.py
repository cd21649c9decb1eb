"""Own the names that a movement bears at a rail. Pure: each follows from our id, so it is fixed before anything is sent."""

from __future__ import annotations

from uuid import UUID

from farthing.kit.ids import derived

LONGEST = 35
_STANDS_FOR = {"_": "."}


def uetr_of(payment_id: str) -> str:
    """The unique end-to-end transaction reference (ISO 20022): a lower-case UUID of version 4, the same through the chain."""
    return str(UUID(bytes=derived(f"uetr:{payment_id}").bytes, version=4))


def end_to_end_id_of(payment_id: str) -> str:
    """The end-to-end id: at most 35 characters of the set that every scheme takes. Ours have an underscore, which banks refuse
    and a dot takes the place of."""
    plain = "".join(each if each.isascii() and each.isalnum() else _STANDS_FOR.get(each, "-") for each in payment_id)
    return plain if len(plain) <= LONGEST else derived(payment_id).hex


def payment_id_of(end_to_end_id: str) -> str:
    """Our id again, of a movement whose id fits."""
    return end_to_end_id.replace(".", "_")
