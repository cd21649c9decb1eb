"""Recover at a counter: another phone on file, by two persons of the staff, after a wait in which the old phone is told.

So whoever lost the phone comes in again, and so does whoever finds that somebody else registered under her number first: the
wrong login ends at once, the identity and its money stay, and she gets hers.
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.words import Words
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import ChangePhoneAtCounter, PhoneChange
from farthing.products import service as products

LONGEST_WAIT = timedelta(hours=24)
"""The wait where the policy in force names none."""


def _always(tx: Tx, command: ChangePhoneAtCounter) -> bool:
    """Whoever is on file decides who comes in: one member of staff alone changes nobody's phone."""
    return True


@operation(
    "parties.change_phone_at_counter", title=Words("Change the phone at a counter", "柜台更换手机"),
    permission="parties:change_phone_for", whose=of("party_id"), two_for_another=_always,
)  # fmt: skip
def change_phone_at_counter(tx: Tx, command: ChangePhoneAtCounter) -> PhoneChange:
    """Put another phone on file after the wait; until then neither phone proves anything, and the login is closed.

    Refuses ``parties.unknown``, ``parties.phone_invalid``.
    """
    limit = products.policy_in_force(tx).phone_wait_hours_min
    wait = LONGEST_WAIT if limit is None else timedelta(hours=limit.value)
    change, _ = phones.wait_for(tx, command.party_id, command.phone, tx.now + wait)
    return change


@operation(
    "parties.phones_fall_due", title=Words("Phones on file changed", "登记手机更换生效"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def phones_fall_due(tx: Tx, command: CloseStep) -> Stepped:
    """Put the phones on file whose wait is over."""
    done = phones.fall_due(tx, PIECE)
    return Stepped(done, str(int(command.after or "0") + 1) if done == PIECE else None)
