"""Own ``seen``: nobody confirms something other than what was shown.

An operation that declares ``confirm`` says which facts its person must have seen: amount, payee, rate, fee, dates. A
preview answers with them and with a digest over operation, command, actor and facts. Whoever confirms hands the digest
back; it is compared in the transaction that does the thing, once it is done, and a difference undoes all of it. It
proves what was shown, not who looked: that takes a key of the person's own (decision 0012).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.operation import Asked, Call, Operation
from farthing.kernel.proving.rules import DIFFERS
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import digest, plain, written
from farthing.kit.errors import conflict

NOT_AS_SEEN = conflict(
    "kernel.not_as_seen",
    "This has changed since you looked, or you looked at something else; nothing was done. Look again, then confirm.",
    "内容在您查看之后已有变化，或您查看的是其他内容；未办理任何事项。请重新查看后再确认。",
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a preview came to: the answer, the facts that its person must see, and the digest that confirms them.

    Both are none where the operation declares no ``confirm``. ``transaction``: canonical JSON of what a key
    confirms, where one may (``by_key``), and ``key_needed`` whether one must.
    """

    answer: Any
    facts: dict[str, Any] | None
    seen: str | None
    transaction: str | None = None
    key_needed: bool = False


def told(tx: Tx, operation: Operation, result: Any) -> Any:
    """What an operation answers, also while the errands that it wrote are not carried yet."""
    if isinstance(result, Asked) and operation.conclude is not None:
        return operation.conclude(replace(tx, actor=SYSTEM), result)
    return result


def look(operation: Operation, call: Call, result: Any, answer: Any) -> Looked:
    """The answer of a preview with what must be seen of the result."""
    if operation.confirm is None and operation.by_key is None:
        return Looked(answer, None, None)
    facts = {} if operation.confirm is None else plain(operation.confirm(call.command, result))
    given = {
        each.name: getattr(call.command, each.name) for each in fields(call.command) if not each.metadata.get("beside")
    }
    about = {"operation": operation.name, "command": given, "actor": call.actor.id, "facts": facts}
    if call.actor.under is not None:
        about["under"] = call.actor.under.power_id
    transaction = written(about) if operation.by_key is not None else None
    if operation.confirm is None:
        return Looked(answer, None, None, transaction)
    return Looked(answer, facts, digest(about).hex(), transaction)


def check(tx: Tx, operation: Operation, call: Call, result: Any) -> None:
    """Refuse ``kernel.not_as_seen`` where a call is confirmed by another digest than that of what it has just done, and
    ``kernel.confirmation_differs`` where a key confirmed something else."""
    if call.seen is None and call.bound is None:
        return
    found = look(operation, call, result if operation.confirm is None else told(tx, operation, result), None)
    if call.seen is not None and found.seen != call.seen:
        raise NOT_AS_SEEN(now=found.facts or {})
    if call.bound is not None and not (found.transaction and call.bound.holds(found.transaction)):
        raise DIFFERS(now=found.facts or {})
