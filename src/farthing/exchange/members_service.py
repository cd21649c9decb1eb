"""Let institutions in and out, keep their keys, and answer each message once. Who may tell or see, two persons say."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.exchange import members_store as store
from farthing.exchange.messages import PublicKey, suite_of
from farthing.exchange.model import (
    KEY_ANOTHERS,
    KEY_UNFIT,
    KEY_UNKNOWN,
    MEMBER_SUSPENDED,
    MEMBER_THERE,
    MEMBER_UNKNOWN,
    MESSAGE_REUSED,
    STATE_SAME,
    AddKey,
    Admit,
    EndKey,
    Member,
    MemberShown,
    Received,
    SetMember,
)
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit import base64url
from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.parties.rules import credit_code_of

FURNISH = "exchange:furnish"
"""The permission of a member's own messages, which no login of the node's staff holds."""


@operation(
    "exchange.admit", title=Words("Let an institution into the exchange", "接纳成员机构"),
    permission="exchange:members", whose=STAFF, four_eyes=True,
)  # fmt: skip
def admit(tx: Tx, command: Admit) -> MemberShown:
    """Let an institution in for its test. Refuses ``parties.credit_code_invalid``, ``exchange.member_there``,
    ``exchange.key_unfit``, ``exchange.key_anothers``."""
    code = credit_code_of(command.member_id)
    spki = _spki(command.spki)
    if code != command.member_id or not store.admit(tx, command):
        there = store.member(tx, code)
        raise MEMBER_THERE(member=code, name="" if there is None else there.name)
    _own(tx, code, spki)
    return shown(tx, code)


@operation(
    "exchange.set_member", title=Words("Change a member of the exchange", "变更成员机构"),
    permission="exchange:members", whose=STAFF, four_eyes=True,
)  # fmt: skip
def set_member(tx: Tx, command: SetMember) -> MemberShown:
    """Change what a member may. Refuses ``exchange.member_unknown``, ``exchange.member_state_same``."""
    found = member(tx, command.member_id)
    if (found.state, sorted(found.classes)) == (command.state, sorted(command.classes)):
        raise STATE_SAME(member=found.id, state=found.state)
    store.set_member(tx, found, command.state, command.classes, command.why)
    return shown(tx, found.id)


@operation(
    "exchange.add_key", title=Words("Let a member sign by another key", "登记成员机构密钥"),
    permission="exchange:members", whose=STAFF, four_eyes=True,
)  # fmt: skip
def add_key(tx: Tx, command: AddKey) -> MemberShown:
    """Add a key. Refuses ``exchange.member_unknown``, ``exchange.key_unfit``, ``exchange.key_anothers``."""
    _own(tx, member(tx, command.member_id).id, _spki(command.spki))
    return shown(tx, command.member_id)


@operation(
    "exchange.end_key", title=Words("End a member's key", "停用成员机构密钥"), permission="exchange:members", whose=STAFF
)  # fmt: skip
def end_key(tx: Tx, command: EndKey) -> MemberShown:
    """End a key, at once. Refuses ``exchange.member_unknown``, ``exchange.key_unknown``."""
    found = member(tx, command.member_id)
    if not store.end_key(tx, found.id, command.key_id):
        raise KEY_UNKNOWN(member=found.id, key=command.key_id)
    return shown(tx, found.id)


@question("exchange.members", permission="exchange:read", whose=STAFF)
def members(tx: Tx) -> list[MemberShown]:
    """Every member with its keys, by name."""
    found = store.members(tx)
    keys = store.keys(tx, [each.id for each in found])
    return [MemberShown(each, tuple(key for key in keys if key.member_id == each.id)) for each in found]


def member(tx: Tx, member_id: str) -> Member:
    """A member; refuses ``exchange.member_unknown``."""
    found = store.member(tx, member_id)
    if found is None:
        raise MEMBER_UNKNOWN(member=member_id)
    return found


def by_id(tx: Tx) -> dict[str, Member]:
    """Every member by its id."""
    return {each.id: each for each in store.members(tx)}


def names(tx: Tx) -> dict[str, str]:
    """How members are called, by their ids."""
    return {each.id: each.name for each in by_id(tx).values()}


def active(tx: Tx, member_id: str) -> Member:
    """A member that is not suspended; refuses ``exchange.member_unknown``, ``exchange.member_suspended``."""
    found = member(tx, member_id)
    if found.state == "suspended":
        raise MEMBER_SUSPENDED(member=found.id, why=found.why)
    return found


def keys_of(tx: Tx, member_id: str) -> dict[str, PublicKey]:
    """The keys by which a member's messages are checked now."""
    found = [each for each in store.keys(tx, [member_id]) if each.ended_at is None]
    return {each.key_id: PublicKey(base64url.decode(each.spki)) for each in found}


def before(tx: Tx, received: Received) -> dict[str, Any] | None:
    """What a message was answered when it came before; refuses ``exchange.message_reused``."""
    found = store.answered(tx, received)
    if found is None:
        return None
    digest, answer = found
    if digest != received.digest:
        raise MESSAGE_REUSED(id=received.message_id)
    return answer


def keep(tx: Tx, received: Received, made: object) -> dict[str, Any]:
    """Keep what a message is answered, and answer it: whenever it comes again it is answered the same.

    What is refused is not kept: the same message may be sent again when its cause is gone.
    """
    answer: dict[str, Any] = plain(made)
    store.keep(tx, received, canonical(answer).decode())
    return answer


def shown(tx: Tx, member_id: str) -> MemberShown:
    """A member with its keys."""
    return MemberShown(member(tx, member_id), tuple(store.keys(tx, [member_id])))


def _own(tx: Tx, member_id: str, spki: bytes) -> None:
    if store.has_other_owner(tx, member_id, spki):
        raise KEY_ANOTHERS()
    store.add_key(tx, member_id, spki)


def _spki(text: str) -> bytes:
    try:
        spki = base64url.decode(text)
        suite_of(spki)
    except (ValueError, Refusal):
        raise KEY_UNFIT() from None
    return spki
