"""Keep powers and what was done under them, for whoever decides who gets one (:mod:`farthing.parties.acting`, ``signing``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.acting import rules, service, store
from farthing.kernel.acting.model import Act, Done, Joint, Power


def keep(tx: Tx, power: Power) -> bool:
    """Keep a power as it is made; false where one of its id is there."""
    return store.insert(tx, power)


def find(tx: Tx, power_id: str) -> Power | None:
    """One power."""
    return store.find(tx, [power_id]).get(power_id) if power_id.isprintable() else None


def found(tx: Tx, power_ids: Sequence[str]) -> dict[str, Power]:
    """The powers of these ids, by id."""
    return store.find(tx, power_ids)


def hold(tx: Tx, power_id: str) -> Power | None:
    """One power, which nobody uses or ends before this transaction does."""
    return store.hold(tx, power_id)


def begin(tx: Tx, power: Power) -> bool:
    """Put a power in force from today on, once all have signed; false where it is, or was ended before."""
    if not store.begin(tx, power.id):
        return False
    evidence.append(tx, "acting.begun", {**service.told(power), "on": str(tx.business_date)})
    return True


def end(tx: Tx, power: Power) -> bool:
    """End a power now; false where it was ended before."""
    if not store.end(tx, power.id):
        return False
    evidence.append(tx, "acting.ended", {**service.told(power), "on": str(tx.business_date), "said_by": tx.actor.id})
    return True


def end_lately_given(tx: Tx, party_id: str) -> int:
    """End the powers of attorney that somebody gave, or asked for, lately: it may not have been she; answers how many."""
    found = store.find(tx, store.end_given(tx, party_id, tx.now - rules.LATELY))
    for power in found.values():
        evidence.append(
            tx, "acting.ended", {**service.told(power), "on": str(tx.business_date), "said_by": tx.actor.id}
        )
    return len(found)


def given(tx: Tx, party_id: str) -> list[Power]:
    """Under which powers somebody is acted for, the newest first."""
    return _in_order(tx, store.given(tx, party_id))


def held(tx: Tx, party_id: str) -> list[Power]:
    """Under which powers somebody acts for others, the newest first."""
    return _in_order(tx, store.held(tx, party_id))


def signs(tx: Tx, organisation: str, person: str, act: Act) -> bool:
    """Whether somebody may do this for an organisation today, as its legal representative or a signatory; it is counted against
    his limits. Refuses ``acting.over_each``, ``acting.over_day``, ``acting.other_currency``."""
    for power in given(tx, organisation):
        if power.helper == person and rules.is_for(power, act.name, tx.business_date):
            service.count(tx, store.hold(tx, power.id) or power, act)
            return True
    return False


def _in_order(tx: Tx, ids: Sequence[str]) -> list[Power]:
    known = found(tx, ids) if ids else {}
    return [known[each] for each in ids]


def still(tx: Tx, power_id: str, name: str) -> None:
    """Refuse ``acting.*`` where a power, held, is not for an operation any more."""
    power = store.hold(tx, power_id)
    if power is None:
        raise rules.NO_POWER()
    service.check_use(tx, power, name)


def acts(tx: Tx, party_id: str, limit: int) -> list[Done]:
    """What others did for somebody, the newest first."""
    return store.acts(tx, party_id, limit)


def act(tx: Tx, act_id: str) -> Done | None:
    """One act."""
    return store.act(tx, act_id)


def joint(tx: Tx, joint_id: str) -> Joint | None:
    """One joint act."""
    return store.joint(tx, joint_id)


def joints(tx: Tx, party_id: str, days: int) -> list[Joint]:
    """What waits for a second signatory and is not older than so many of the bank's days, oldest first."""
    return store.joints(tx, party_id, tx.business_date - timedelta(days=days))


def decide_joint(tx: Tx, joint_id: str, state: str, command: Any) -> bool:
    """Settle a joint act, and keep no more of its command than is nobody's; false where it was settled before."""
    return store.decide_joint(tx, joint_id, state, command)
