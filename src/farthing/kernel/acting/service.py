"""Run powers: who acts under one, what is counted against it in the transaction that does the thing, and what is kept of it.

Called by the kernel for every operation and question of an actor who acts ``under`` a power; doors call :func:`become`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.acting import rules, store
from farthing.kernel.acting.model import Act, Done, Power
from farthing.kernel.acting.scopes import act_of, moves
from farthing.kit.actor import Actor, Under
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id


@dataclass(frozen=True, slots=True)
class TellAct:
    """An act for another that its principal is to be told of."""

    act_id: Id


def become(tx: Tx, actor: Actor, power_id: str) -> Actor:
    """The same person, acting for another under a power of his. Refuses ``acting.no_power``, a program's too: it is nobody."""
    power = store.find(tx, [power_id]).get(power_id) if power_id.isprintable() else None
    if power is None or actor.under is not None or actor.is_program or actor.party_id != power.helper:
        raise rules.NO_POWER()
    return replace(actor, party_id=power.principal, under=under(power))


def carried(tx: Tx, actor: Actor, power: Power, name: str) -> Actor:
    """An actor through one operation under a power: where it moves money, with whose wallets are as good as the helper's own."""
    return replace(actor, under=under(power, _others(tx, power) if moves(name) else frozenset()))


def _others(tx: Tx, power: Power) -> frozenset[str]:
    """The organisations for which a helper signs alone today."""
    held = store.find(tx, store.held(tx, power.helper)).values()
    alone = {
        each.principal
        for each in held
        if each.kind in ("representative", "signatory")
        and not each.jointly
        and each.state(tx.business_date) == "in_force"
    }
    return frozenset(alone - {power.principal})


def under(power: Power, others: frozenset[str] = frozenset()) -> Under:
    """What an actor carries who acts under a power."""
    return Under(power.id, power.helper, power.pays_self, others)


def require(tx: Tx, actor: Actor, name: str) -> None:
    """Refuse what the power that an actor acts under is not for, now."""
    power_id = _under(actor).power_id
    check_use(tx, _his(actor, store.find(tx, [power_id]).get(power_id)), name)


Contested = Callable[[Tx, str], bool]
"""Says whether the agreement is contested that gave a power."""
_CONTESTED: list[Contested] = []


def contest_check(function: Contested) -> Contested:
    """Mark the function that knows contests of agreements (:mod:`farthing.signing`): it is asked at each use of a power."""
    _CONTESTED.append(function)
    return function


def check_use(tx: Tx, power: Power, name: str) -> None:
    """Refuse what a power is not for, now; ``acting.contested`` for one whose agreement is in dispute."""
    rules.check_use(power, name, tx.business_date)
    if power.agreement_id is not None and any(check(tx, power.agreement_id) for check in _CONTESTED):
        raise rules.CONTESTED()


def take(tx: Tx, actor: Actor, name: str, command: Any) -> Power:
    """Hold the power, decide, and count what is moved: of two at once the second counts the first. Refuses as
    :func:`check_use` and :func:`farthing.kernel.acting.rules.may_act`."""
    power = _his(actor, store.hold(tx, _under(actor).power_id))
    check_use(tx, power, name)
    count(tx, power, act_of(name, command))
    return power


def count(tx: Tx, power: Power, act: Act) -> None:
    """Decide on a power that is held, and count what is moved. Refuses as :func:`farthing.kernel.acting.rules.may_act`."""
    before = power.spent_by(tx.business_date)
    after = rules.may_act(power, act, before, tx.business_date)
    if after != before:
        store.spend(tx, power.id, tx.business_date, after)


def record(tx: Tx, power: Power, name: str, command: Any, names: Sequence[str]) -> TellAct:
    """Keep what was done for whom, and which entries of the books are of it."""
    made = Done(
        tx.new_id("act"), power.id, power.principal, power.helper, name, act_of(name, command).amount, tx.now
    )  # fmt: skip
    store.insert_act(tx, made, [json.loads(each)["id"] for each in names])
    return TellAct(made.id)


def hands(tx: Tx, entries: Sequence[str]) -> dict[str, str]:
    """Who acted for another, of these entries of the books; one statement."""
    return store.hands(tx, entries) if entries else {}


def told(power: Power) -> dict[str, str]:
    """What a leaf says of it: who acted, for whom, under which power."""
    return {"power": power.id, "kind": power.kind, "by": power.helper, "for": power.principal}


def power_id_of(agreement_id: str) -> str:
    """The power that an agreement gives."""
    return prefixed("power", derived(f"power:{agreement_id}"))


def _under(actor: Actor) -> Under:
    if actor.under is None:
        raise rules.NO_POWER()
    return actor.under


def _his(actor: Actor, power: Power | None) -> Power:
    if power is None or power.helper != actor.hand or power.principal != actor.party_id:
        raise rules.NO_POWER()
    return power
