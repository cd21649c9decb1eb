"""Let persons in at a node: an institution that verified who somebody is introduces her, by a code that she alone is given.

What the institution says is signed, kept and shown to her. Her key, by which she signs consents, comes with the introduction or
is added by herself. The node never sees who she is but by the number that her records lie under, and keeps not even that.
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
from farthing.identity import passwords, phones
from farthing.identity.rules import check_password
from farthing.kernel.operation import operation, secret
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.errors import conflict, declined, forbidden, not_found
from farthing.kit.inputs import Id, Secret, Word
from farthing.kit.words import Words
from farthing.parties.rules import phone_of

Level = Literal["C", "B", "A"]
CODE_LIVES = timedelta(minutes=30)

CODE_WRONG = declined(
    "exchange.person_code",
    "This code is not good: it was used, is older than half an hour, or was mistyped. Ask your institution for another.",
    "该代码无效：已使用、超过半小时或输入有误。请向您的机构重新获取。",
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
    """Whose door was opened."""

    subject_id: str
    actor_id: str


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
    """Give a person whom a member introduced a login of her own; one that she has gets this password, and its sessions end.

    Refuses ``parties.phone_invalid``, ``exchange.person_code``, ``identity.name_taken``, ``identity.login_closed``.
    """
    used = store.use(tx, hashlib.sha256(command.code.strip().encode("utf-8", "replace")).digest())
    if used is None:
        raise CODE_WRONG()
    login = phones.attach_customer(tx, phone_of(command.name), used["subject_id"], password_hash)
    return Begun(used["subject_id"], login.actor_id)


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
