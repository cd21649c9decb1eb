"""Run what two signatories of an organisation do jointly: one asks, and another, a different person, wants it too."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import later
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting import service as acting
from farthing.kernel.acting.model import Joint, Power
from farthing.kernel.acting.scopes import listed
from farthing.kernel.kept import Form, bare_form, leaf_form
from farthing.kernel.operation import OPERATIONS, Asked, Operation, operation, operation_of
from farthing.kernel.proving.rules import how
from farthing.kernel.question import question
from farthing.kernel.whose import NOT_YOURS, of
from farthing.kit.canonical import plain, readable
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.acting import rules
from farthing.parties.acting.model import DecideJoint, JointDecided, JointTold


def _owner(tx: Tx, joint_id: str) -> str | None:
    found = powers.joint(tx, joint_id)
    return None if found is None else found.principal


def _seen(command: DecideJoint, decided: JointDecided) -> dict[str, Any]:
    """What the second signatory must have seen: what is done, and what comes of it."""
    return {"operation": decided.operation, "state": decided.state, "facts": decided.facts_json}


def _concluded(tx: Tx, asked: Asked) -> JointDecided:
    """How a joint act ended that asked the outside."""
    joint_id, _, subject = asked.subject.partition(" ")
    found = _found(tx, joint_id)
    wanted = operation_of(found.operation)
    result = None if wanted.conclude is None else wanted.conclude(tx, Asked(subject, asked.errands))
    return JointDecided(joint_id, "approved", wanted.name, readable(found.command), readable(plain(result)))


@operation(
    "parties.decide_joint", title=Words("Decide jointly", "共同签署"), permission="parties:decide_joint",
    whose=of("joint_id", _owner), conclude=_concluded, confirm=_seen, by_key=authenticators.customers_key,
)  # fmt: skip
def decide_joint(tx: Tx, command: DecideJoint) -> JointDecided | Asked:
    """Want what another signatory asked for, which does it in this transaction, or not. It is counted against the limits of both.

    Refuses ``powers.unknown_joint``, ``acting.no_power`` for whoever acts under none, ``powers.joint_settled``,
    ``powers.joint_over``, ``powers.same_person``, ``acting.*`` where either power is not for it any more, and what the operation
    refuses.
    """
    found = _found(tx, command.joint_id)
    drafted = operation_of(found.operation)
    wanted = drafted.decode(found.command)
    rules.check_joint(found, tx.actor.hand or "", tx.business_date)
    powers.still(tx, found.power_id, drafted.name)
    if drafted.whose.parties(tx, wanted) != [found.principal]:
        raise NOT_YOURS(actor=tx.actor.id)
    state, bare = "approved" if command.approve else "rejected", bare_form(wanted)
    power = acting.take(tx, tx.actor, drafted.name, wanted) if command.approve else None
    if not powers.decide_joint(tx, found.id, state, bare):
        raise rules.JOINT_SETTLED(state="decided", state_zh="已处理")
    if power is None:
        return JointDecided(found.id, state, drafted.name, readable(bare))
    return _done(tx, found, power, drafted, wanted)


def _done(tx: Tx, found: Joint, power: Power, drafted: Operation, wanted: Any) -> JointDecided | Asked:
    """Do it, and have the organisation told what was done; the leaf names both persons."""
    hands = [*_asked(tx, found), {
        "actor": tx.actor.id, "under": acting.told(power), "proved": how(tx.actor, None), "by_key": tx.actor.by_key,
    }]  # fmt: skip
    result: Any = drafted.function(tx, wanted)
    evidence.append(tx, drafted.name, {
        "joint": found.id, "maker": found.maker, "actor": tx.actor.id, "for": found.principal, "hands": hands,
        "command": leaf_form(Form(wanted)), "result": leaf_form(Form(result)),
    })  # fmt: skip
    if drafted.name not in listed().quiet:
        later.enqueue(tx, "parties.tell_act", acting.record(tx, power, drafted.name, wanted, tx.names()))
    if isinstance(result, Asked):
        return Asked(f"{found.id} {result.subject}", result.errands)
    facts = wanted if drafted.confirm is None else drafted.confirm(wanted, result)
    bare, told = readable(bare_form(wanted)), readable(plain(result))
    return JointDecided(found.id, "approved", drafted.name, bare, told, readable(plain(facts)))


def _asked(tx: Tx, found: Joint) -> list[dict[str, Any]]:
    """The first hand, as the leaf of its asking says: under which power, how it was proved, and whether a key confirmed it; what
    that signed stands there, as the second's does in the leaf of the decision."""
    leaves = evidence.leaves_of_kinds(tx, [found.id], [found.operation])
    return [
        {
            "actor": data["actor"], "under": data["under"], "proved": data.get("proved"), "by_key": "confirmed" in data,
            "asked": leaf.name,
        }
        for leaf in leaves for data in [leaf.content["data"]]
    ]  # fmt: skip


@question("parties.joint_acts", permission="parties:read", whose=of("party_id"))
def joint_acts(tx: Tx, party_id: Id) -> list[JointTold]:
    """What waits for a second signatory of an organisation, oldest first."""
    found = [each for each in powers.joints(tx, party_id, rules.JOINT_DAYS) if each.operation in OPERATIONS]
    known = parties.parties(tx, sorted({each.maker_party for each in found}))
    return [
        JointTold(
            each.id, each.operation, OPERATIONS[each.operation].title, readable(each.command), each.made_at,
            rules.lapses_on(each), known[each.maker_party].name if each.maker_party in known else "",
        )
        for each in found
    ]  # fmt: skip


def _found(tx: Tx, joint_id: str) -> Joint:
    found = powers.joint(tx, joint_id) if joint_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_JOINT()
    return found
