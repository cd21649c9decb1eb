"""Own an operation's answer: what was answered, how it is kept under a key, and how it is told again.

Pure. An answer stored under a key is ``{"result"}``, ``{"asked"}``, ``{"pending"}`` or ``{"refusal"}``; never a broken invariant.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from farthing.evidence.model import Personal
from farthing.kernel.operation import Asked, Operation
from farthing.kernel.whose import NOT_ALLOWED
from farthing.kit.actor import Actor
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import CODES, Code, Refusal, conflict
from farthing.kit.ids import derived

_SCALARS = frozenset({str, int, bool, type(None), datetime, date, Decimal})

__all__ = ["KEY_REUSED", "NOT_ALLOWED", "Outcome", "Pending", "kept", "key_id", "leaf_form", "replay", "request_digest"]

KEY_REUSED = conflict(
    "idempotency.key_reused",
    "Idempotency key {key} was used before for another request; use a new key for a new request.",
    "幂等键 {key} 已用于另一请求;新请求请使用新键。",
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


def request_digest(operation: Operation, command: Any) -> bytes:
    """What makes two requests the same request."""
    return digest({"operation": operation.name, "command": command})


def kept(result: Any) -> dict[str, Any]:
    """A result, draft or refusal as it is stored under its key."""
    if isinstance(result, Refusal):
        return {"refusal": {"code": result.code, "facts": plain(result.facts)}}
    if isinstance(result, Asked):
        return {"asked": plain(result)}
    return {"pending" if isinstance(result, Pending) else "result": plain(result)}


@cache
def _shape(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a command or result that the log keeps, and which of them are personal."""
    shown = [item for item in fields(kind) if not item.metadata.get("secret")]
    return tuple((item.name, bool(item.metadata.get("personal"))) for item in shown)


def leaf_form(value: Any) -> Any:
    """A command or result as the evidence log keeps it: personal fields salted and hashed, secret ones absent."""
    if type(value) in _SCALARS:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: Personal(plain(getattr(value, name))) if personal else leaf_form(getattr(value, name))
            for name, personal in _shape(type(value))
        }
    if isinstance(value, list | tuple):
        return [leaf_form(item) for item in value]
    return value


def replay(operation: Operation, earlier: dict[str, Any], request: bytes, key: str) -> Outcome:
    """Tell an earlier answer again; raises the refusal it was, or ``idempotency.key_reused`` for another request."""
    if bytes(earlier["request_digest"]) != request or earlier["operation"] != operation.name:
        raise KEY_REUSED(key=key)
    answer = earlier["answer"]
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
    return Outcome(operation.result_adapter.validate_python(answer["result"]), True)
