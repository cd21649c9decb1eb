"""Let persons in at a node: an institution that verified who somebody is introduces her, by a code that she alone is given.

What the institution says is signed, kept and shown to her. Her key, by which she signs consents, comes with the introduction or
is added by herself. The node never sees who she is but by the number that her records lie under, and keeps not even that.

A code opens a door that is not there. Once she has one, no institution's word gives anybody another password to it: an
introduction is one more institution that knows her. Who lost the way in asks the node, where two persons close the door first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.consents import signing
from farthing.exchange.consents import store as consents
from farthing.exchange.consents.service import OWN
from farthing.exchange.model import Received
from farthing.exchange.persons import store
from farthing.identity import counting, passwords, phones, rules
from farthing.identity.rules import check_password
from farthing.kernel.operation import operation, secret
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.errors import conflict, declined, forbidden, not_found
from farthing.kit.inputs import Id, Line, Memo, Secret, Word
from farthing.kit.words import Words
from farthing.parties.rules import phone_of

Level = Literal["C", "B", "A"]
CODE_LIVES = timedelta(minutes=30)
SHORTEST_CODE = 12
"""Characters of a code: what is shorter could be guessed, and opens nothing."""

CODE_WRONG = declined(
    "exchange.person_code",
    "This code is not good: it was used, is older than half an hour, or was mistyped. Ask your institution for another.",
    "该代码无效：已使用、超过半小时或输入有误。请向您的机构重新获取。",
)
CODE_LOCKED = forbidden(
    "exchange.person_code_locked",
    "Too many wrong codes from here; try again after {locked_until}.",
    "此处代码错误次数过多；请在 {locked_until} 之后重试。",
)
DOOR_THERE = conflict(
    "exchange.door_there",
    "You have a way in here already: sign in by its phone and password. Who lost them asks the exchange, which closes it first.",
    "您在此已有登录账户：请以其手机号和密码登录。如已遗失，请联系交换节点先停用该账户。",
)
NO_DOOR = not_found(
    "exchange.no_door", "There is no way in of {subject_id} to close.", "{subject_id} 没有可停用的登录账户。"
)
NOT_A_PERSON = forbidden(
    "exchange.not_a_person",
    "This is for the person herself: sign in by the login that the code of her institution opened.",
    "此项仅供本人使用：请以凭机构提供的代码开通的账户登录。",
)
IN_TEST = forbidden(
    "exchange.member_in_test",
    "{member} introduces persons once its test is over.",
    "{member} 须在测试期结束后方可介绍信息主体。",
)
KEY_THERE = conflict(
    "exchange.person_key_there", "This key is registered already, or was ended.", "该密钥已登记或已停用。"
)
KEY_UNKNOWN = not_found("exchange.person_key_unknown", "There is no such key of yours in use.", "没有该在用密钥。")
Digest = Annotated[str, Field(strict=True, min_length=64, max_length=64, pattern=r"^[0-9a-f]+$")]
Coordinate = Annotated[str, Field(strict=True, min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The public key by which a person signs (P-256, RFC 7517)."""

    x: Coordinate
    y: Coordinate

    @property
    def jwk(self) -> dict[str, str]:
        """As keys are written, under its thumbprint."""
        plain = {"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y}
        return {**plain, "kid": signing.thumbprint(plain), "use": "sig", "alg": "ES256"}


@dataclass(frozen=True, slots=True)
class Introduce:
    """A member says whom it knows, how well, and by which key she signs. ``code_sha256``: of the code that it gave her, which the
    node sees when she uses it and not before; none: she needs no door now."""

    received: Received
    subject_id: Id
    level: Level
    code_sha256: Digest | None = None
    key: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Use the code of an introduction: one signs in by this phone (``name``) and password from then on."""

    code: Secret = secret()
    name: Word = ""
    password: Secret = secret("")
    source: Line = ""


@dataclass(frozen=True, slots=True)
class CloseDoor:
    """End the login of a person who lost it, or whose login is another's; a code of her institution opens one anew."""

    subject_id: Id
    reason: Memo


@dataclass(frozen=True, slots=True)
class AddOwnKey:
    """Register a key by which one signs."""

    subject_id: Id
    key: PersonKey


@dataclass(frozen=True, slots=True)
class EndOwnKey:
    """Sign by a key no more; what was signed stands."""

    subject_id: Id
    kid: Id


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key of a person: who vouched for it (empty: she herself) and whether it is in use."""

    kid: str
    vouched_by: str
    level: str
    added_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Begun:
    """Whose door was opened; of a code that is not good, or of too many that were not, the outcome, so that the try is kept."""

    outcome: Literal["ok", "wrong", "locked"]
    subject_id: str = ""
    actor_id: str = ""
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Introduced:
    """An institution that said it knows a person: how well, since when, and when its code was used, if it was."""

    member_id: str
    member_name: str
    level: str
    made_at: datetime
    used_at: datetime | None


@operation(
    "exchange.introduce", title=Words("Introduce a person to the node", "向节点介绍本人"), permission=members.FURNISH,
    whose=STAFF,
)  # fmt: skip
def introduce(tx: Tx, command: Introduce) -> dict[str, Any]:
    """Take a member's word for a person, whose code is good once and for half an hour.

    Refuses ``exchange.member_suspended``, ``exchange.member_in_test``, ``exchange.person_key_malformed``.
    """
    member = members.active(tx, command.received.member_id)
    if member.state != "active":
        raise IN_TEST(member=member.name)
    return members.before(tx, command.received) or members.keep(
        tx, command.received, _introduced(tx, member.id, command)
    )


def _introduced(tx: Tx, member_id: str, command: Introduce) -> dict[str, Any]:
    if command.key is not None:
        jwk = command.key.jwk
        consents.add_key(tx, command.subject_id, jwk["kid"], jwk, member_id, command.level)
    if command.code_sha256 is None:
        return {"good_until": None}
    until = tx.now + CODE_LIVES
    digest = bytes.fromhex(command.code_sha256)
    store.introduce(tx, tx.new_id("introduction"), command.subject_id, member_id, command.level, digest, until)
    return {"good_until": until}


def hashed(command: Begin) -> str:
    """The hash of a password that was typed, made with no transaction open. Refuses ``identity.password_weak``."""
    return passwords.hash_password(check_password(command.password, command.name))


@operation(
    "exchange.begin", title=Words("Open one's own door at the node", "开通本人查询"), permission="identity:attest",
    whose=NOBODYS, prepare=hashed,
)  # fmt: skip
def begin(tx: Tx, command: Begin, password_hash: str) -> Begun:
    """Give a person whom a member introduced a login of her own, where she has none. Wrong codes are counted by where they come
    from, which waits longer and longer.

    Refuses ``parties.phone_invalid``, ``exchange.door_there``, ``identity.name_taken``.
    """
    name, code, wall = phone_of(command.name), command.code.strip(), counting.wall(tx)
    counters = counting.held_all(tx, ((rules.counted("exchange-code", command.source), True),), wall)
    until = counting.latest(lock for _, _, lock in counters.values())
    if rules.is_locked(until, wall):
        return Begun("locked", locked_until=until)
    digest = hashlib.sha256(code.encode("utf-8", "replace")).digest()
    used = store.use(tx, digest) if len(code) >= SHORTEST_CODE else None
    if used is None:
        until = counting.failed(tx, counters, wall)
        return Begun("locked" if until else "wrong", locked_until=until)
    subject_id = used["subject_id"]
    counting.held(
        tx, ("exchange-door", subject_id), rules.WINDOW
    )  # of two codes of hers at once the second sees the door
    if phones.has_customer(tx, subject_id):
        raise DOOR_THERE()
    login = phones.attach_customer(tx, name, subject_id, password_hash)
    counting.forgive(tx, counters, wall)
    return Begun("ok", subject_id, login.actor_id)


def require_begun(begun: Begun) -> Begun:
    """What a door answers; refuses ``exchange.person_code``, ``exchange.person_code_locked``."""
    if begun.outcome == "locked":
        raise CODE_LOCKED(locked_until=begun.locked_until)
    if begun.outcome == "wrong":
        raise CODE_WRONG()
    return begun


@operation(
    "exchange.close_door", title=Words("Close a person's way in", "停用本人登录账户"), permission="exchange:members",
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def close_door(tx: Tx, command: CloseDoor) -> dict[str, Any]:
    """End a person's login, sessions and codes that wait; what is recorded stays. Refuses ``exchange.no_door``."""
    if not phones.has_customer(tx, command.subject_id):
        raise NO_DOOR(subject_id=command.subject_id)
    end_door(tx, command.subject_id)
    return {"subject_id": command.subject_id, "closed": True}


def end_door(tx: Tx, subject_id: str) -> None:
    """Nobody comes in as this person any more, by a login, a session, or a code that she was given before."""
    store.end_codes(tx, subject_id)
    phones.forget_customer(tx, rules.actor_id_of("", "customer", subject_id))


@question("exchange.own_introductions", permission=OWN, whose=of("subject_id"))
def own_introductions(tx: Tx, subject_id: Id) -> list[Introduced]:
    """Who said that it knows a person, the newest first."""
    names = members.names(tx)
    return [
        Introduced(row["member_id"], names.get(row["member_id"], ""), row["level"], row["made_at"], row["used_at"])
        for row in store.introductions(tx, subject_id)
    ]


@operation(
    "exchange.add_own_key", title=Words("Register a key of one's own", "登记本人密钥"), permission=OWN, whose=of("subject_id")
)  # fmt: skip
def add_own_key(tx: Tx, command: AddOwnKey) -> list[KeyShown]:
    """Register a key; refuses ``exchange.person_key_malformed``, ``exchange.person_key_there``."""
    jwk = command.key.jwk
    if not consents.add_key(tx, command.subject_id, jwk["kid"], jwk, "", "own"):
        raise KEY_THERE()
    return own_keys(tx, command.subject_id)


@operation(
    "exchange.end_own_key", title=Words("End a key of one's own", "停用本人密钥"), permission=OWN, whose=of("subject_id")
)  # fmt: skip
def end_own_key(tx: Tx, command: EndOwnKey) -> list[KeyShown]:
    """End a key at once; refuses ``exchange.person_key_unknown``."""
    if not consents.end_key(tx, command.subject_id, command.kid):
        raise KEY_UNKNOWN()
    return own_keys(tx, command.subject_id)


@question("exchange.own_keys", permission=OWN, whose=of("subject_id"))
def own_keys(tx: Tx, subject_id: Id) -> list[KeyShown]:
    """A person's keys, whoever vouched for them."""
    return [
        KeyShown(row["kid"], row["vouched_by"], row["level"], row["added_at"], row["ended_at"])
        for row in consents.keys(tx, subject_id)
    ]


@question("exchange.member_names", permission=OWN, whose=of("subject_id"))
def member_names(tx: Tx, subject_id: Id) -> dict[str, str]:
    """Who is a member of the node, by name: a person reads names and no codes."""
    return members.names(tx)
