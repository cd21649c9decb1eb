"""Own the nouns of a node: members and their keys, what a message asked for, and whom it knows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.inputs import Id, Memo, OrganisationName, Word

CLASSES = ("instalment", "revolving", "bnpl", "guarantee", "utility")
"""What is furnished, and seen by who furnishes it: loans by instalments, lines, pay-later, guarantees, rent and utilities."""
Class = Literal["instalment", "revolving", "bnpl", "guarantee", "utility"]
Classes = Annotated[tuple[Class, ...], Field(min_length=1, max_length=len(CLASSES))]
MemberKind = Literal["bank", "non_bank"]
MemberState = Literal["test", "active", "suspended"]
Spki = Annotated[str, Field(strict=True, min_length=40, max_length=400, pattern=r"^[A-Za-z0-9_-]+$")]
"""A public key: SubjectPublicKeyInfo (DER) in base64url."""
Digest = Annotated[str, Field(strict=True, max_length=64, pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, in hexadecimal."""

MEMBER_UNKNOWN = not_found(
    "exchange.member_unknown",
    "{member} is no member of this exchange.",
    "{member} 不是本信用信息交换节点的成员机构。",
)
MEMBER_THERE = conflict(
    "exchange.member_there",
    "{member} is a member already, as {name}.",
    "{member} 已是成员机构（{name}）。",
)
MEMBER_SUSPENDED = forbidden(
    "exchange.member_suspended",
    "{member} is suspended: {why}. Nothing is taken from it or answered until two persons of the node let it in again.",
    "{member} 已被暂停：{why}。在节点双人复核恢复之前，不接收其数据，也不作答复。",
)
STATE_SAME = conflict(
    "exchange.member_state_same", "{member} is {state} already.", "{member} 已处于该状态（{state}）。"
)
KEY_UNFIT = malformed(
    "exchange.key_unfit",
    "That is no public key of P-256, Ed25519 or SM2; give its SubjectPublicKeyInfo (DER) in base64url.",
    "该内容不是 P-256、Ed25519 或 SM2 公钥；请提供其 SubjectPublicKeyInfo（DER）的 base64url 编码。",
)
KEY_UNKNOWN = not_found(
    "exchange.key_unknown", "{member} has no key {key} that is in use.", "{member} 没有在用的密钥 {key}。"
)
KEY_ANOTHERS = conflict(
    "exchange.key_anothers",
    "Another institution signs by that key; each has its own.",
    "另一机构正在使用该密钥；各机构须使用各自的密钥。",
)
MESSAGE_REUSED = conflict(
    "exchange.message_reused",
    "A message {id} came before and said something else; give another message another id.",
    "此前已收到编号为 {id} 的报文，且内容不同；不同的报文请使用不同的编号。",
)
KIND_UNKNOWN = declined(
    "exchange.kind_unknown",
    "This node takes no message of the kind {kind}; it takes: {known}.",
    "本节点不接收 {kind} 类报文；可接收：{known}。",
)


@dataclass(frozen=True, slots=True)
class Member:
    """An institution of the exchange: its unified social credit code is its id. ``classes``: what it furnishes, hence may see;
    ``why`` and ``since`` are of its state."""

    id: str
    name: str
    kind: MemberKind
    classes: tuple[str, ...]
    state: MemberState
    why: str
    since: datetime
    version: int


@dataclass(frozen=True, slots=True)
class MemberKey:
    """A key by which a member's messages are checked; ``spki`` in base64url."""

    member_id: str
    key_id: str
    spki: str
    added_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A member with its keys."""

    member: Member
    keys: tuple[MemberKey, ...]


@dataclass(frozen=True, slots=True)
class Admit:
    """Let an institution in, for a test period first: its messages are checked and its cycles go through the gate, and nothing of
    them is recorded."""

    member_id: Id
    name: OrganisationName
    kind: MemberKind
    classes: Classes
    spki: Spki


@dataclass(frozen=True, slots=True)
class SetMember:
    """Let a member out of its test, suspend it, or let it in again, or say anew which classes it furnishes."""

    member_id: Id
    state: MemberState
    classes: Classes
    why: Memo


@dataclass(frozen=True, slots=True)
class AddKey:
    """Let a member sign by one more key."""

    member_id: Id
    spki: Spki


@dataclass(frozen=True, slots=True)
class EndKey:
    """Believe a member's key no more."""

    member_id: Id
    key_id: Id


@dataclass(frozen=True, slots=True)
class Received:
    """Which message of which member asked for something: its kind, and the digest of what it said, in hexadecimal."""

    member_id: Id
    message_id: Id
    kind: Word
    digest: Digest


def may_see(member: Member, cls: str) -> bool:
    """Whether a member may be shown tradelines of a class: it furnishes that class, and it is neither in test nor suspended."""
    return member.state == "active" and cls in member.classes
