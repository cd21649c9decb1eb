"""Own an operation's answer: what was answered, how it is kept under a key, and how it is told again.

Pure. An answer stored under a key is ``{"result"}``, ``{"asked"}``, ``{"pending"}`` or ``{"refusal"}``; never a broken invariant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from farthing.kernel.kept import Form, Kept, answer_form, leaf_form
from farthing.kernel.operation import Asked, Operation
from farthing.kernel.whose import NOT_ALLOWED
from farthing.kit.actor import Actor
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import CODES, Code, Refusal, conflict
from farthing.kit.ids import derived

__all__ = [
    "KEY_REUSED", "NOT_ALLOWED", "Form", "Outcome", "Pending", "kept", "key_id", "leaf_form", "replay", "request_digest",
]  # fmt: skip

KEY_REUSED = conflict(
    "idempotency.key_reused",
    "Idempotency key {key} was used before for another request; use a new key for a new request.",
    "幂等键 {key} 已用于另一请求；新请求请使用新键。",
)
NOT_KEPT = conflict(
    "idempotency.answer_not_kept",
    "This was done under that key before; its answer held something secret, which is told once and not kept ({operation}).",
    "该键下的请求此前已完成；其答复含保密内容，只告知一次、不予留存（{operation}）。",
)


@dataclass(frozen=True, slots=True)
class Pending:
    """The answer of a command that waits for a second person."""

    approval_id: str
    operation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, and whether it is the stored answer of an earlier identical request."""

    result: Any
    replayed: bool


def key_id(actor: Actor, key: str) -> UUID:
    """The row of an idempotency key: keys of two actors never meet."""
    return derived(f"{actor.id}\n{key}")


def request_digest(name: str, command: Form, key: str) -> bytes:
    """What makes two requests the same request: the operation's name and its command. The key, which is kept nowhere, salts
    it: a command may hold a name, a number or a password, and a plain hash of those can be guessed."""
    return digest({"key": key, "operation": name, "command": command.text})


def kept(form: Form) -> Kept:
    """A result, draft or refusal as it is stored under its key; secrets are told once and kept nowhere."""
    result = form.value
    if isinstance(result, Refusal):
        return Kept({"refusal": {"code": result.code, "facts": plain(result.facts)}})
    if isinstance(result, Asked):
        return Kept({"asked": plain(result)})
    form, is_personal = answer_form(form)
    return Kept({"pending" if isinstance(result, Pending) else "result": form}, is_personal)


def replay(operation: Operation, earlier: dict[str, Any], command: Form, key: str) -> Outcome:
    """Tell an earlier answer again; raises the refusal it was, or ``idempotency.key_reused`` for another request."""
    name = earlier["operation"]
    if name not in {operation.name, operation.formerly} or bytes(earlier["request_digest"]) != request_digest(
        name, command, key
    ):
        raise KEY_REUSED(key=key)
    answer = earlier["answer"]
    if "gone" in answer:
        raise NOT_KEPT(operation=operation.name)
    if "refusal" in answer:
        refusal = answer["refusal"]
        code = CODES.get(refusal["code"])
        if not isinstance(code, Code):
            raise KEY_REUSED(key=key)
        raise code(**refusal["facts"])
    if "pending" in answer:
        return Outcome(Pending(**answer["pending"]), True)
    if "asked" in answer:
        return Outcome(Asked(answer["asked"]["subject"], tuple(answer["asked"]["errands"])), True)
    try:
        return Outcome(operation.result_adapter.validate_python(answer["result"]), True)
    except ValidationError:
        raise NOT_KEPT(operation=operation.name) from None
