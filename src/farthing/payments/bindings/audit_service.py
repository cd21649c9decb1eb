"""Run the verification of bindings: who holds each number met with what is bound, and small amounts with their movements. Never
writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.payments import store as movements
from farthing.payments.bindings import store
from farthing.payments.bindings.model import Binding

PAGE = 500


@dataclass(frozen=True, slots=True)
class BindingAudit(Audit):
    """What a verification of bindings counted and found."""

    bindings: int
    held: int


def verify_bindings(tx: Tx) -> BindingAudit:
    """Meet bindings with the holders of numbers, both ways, and with the movements that proved them."""
    holders, after = dict[str, tuple[str, str]](), ""
    while page := store.holders(tx, after, PAGE):
        holders.update({key: (binding, party) for key, binding, party in page})
        after = page[-1][0]
    found, seen, held, after = list[Finding](), 0, set[str](), ""
    while bindings := store.page(tx, after, PAGE):
        seen += len(bindings)
        for each in bindings:
            key = store.key_of(each.network, each.reference)
            if each.state == "bound":
                held.add(key)
                if holders.get(key) != (each.id, each.party_id):
                    found.append(
                        Finding("binding", each.id, "it is bound, and its number is held by another or by nobody")
                    )
            if (each.token != "") != (each.state in ("proving", "bound")):
                stands = "there" if each.token else "gone"
                found.append(Finding("binding", each.id, f"it is {each.state}, and its token is {stands}"))
        found += _deposits(tx, bindings)
        after = bindings[-1].id
    found += [
        Finding("binding", key, "its number is held, and it is not bound") for key in sorted(holders.keys() - held)
    ]
    return BindingAudit(seen, len(holders), findings=tuple(found))


def _deposits(tx: Tx, bindings: list[Binding]) -> list[Finding]:
    """Small amounts that are told and were not asked for, or went somewhere else."""
    there = movements.rail_movements(tx, [name for each in bindings for name in each.deposits])
    wrong = []
    for each in bindings:
        sent = [there[name][0] for name in each.deposits if name in there]
        if len(sent) != len(each.deposits) or any(
            one.direction != "out" or one.party_id is not None or not one.outside_account.endswith(each.tail)
            for one in sent
        ):
            wrong.append(Finding("binding", each.id, "its small amounts are not those that were paid in"))
        if each.state == "bound" and each.proof == "deposit" and any(one.state == "declined" for one in sent):
            wrong.append(Finding("binding", each.id, "it is bound by an amount that was declined"))
    return wrong
