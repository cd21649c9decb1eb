"""Own ``Message``: what institutions and a node tell each other, signed. Pure; the clock and the keys are handed in.

A message is a JWS in compact form (RFC 7515) over canonical JSON. Its header names the key by which it is to be checked; which
suite that key is of is known to whoever checks (RFC 8725: the algorithm is the verifier's choice), and a header that says
another is refused. On P-256 and of SM2 a signature is the two numbers of 32 bytes each (RFC 7518 section 3.4); ``SM2SM3`` is no
registered name, and both sides know it.

A sender gives each message an id that says what it is about (``furnish:2026-10.1:rows:3``): sent again it is the same message,
signed anew and at another moment, and it is answered the same. The moment keeps out what a stranger recorded long ago.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from farthing.kit import base64url, strict_json
from farthing.kit.errors import declined, forbidden, malformed
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.suites import SUITES, Suite
from farthing.kit.words import Words

SCHEMA = 1
"""The version of what messages say; a message of another is refused and never guessed at."""
TYPE = "farthing-exchange+json"
ALGORITHMS = {"p256": "ES256", "ed25519": "Ed25519", "sm2": "SM2SM3"}
"""What a header says of a signature, by suite."""
AHEAD = timedelta(seconds=60)
BEHIND = timedelta(minutes=10)
"""How far a message's moment may be from that of whoever reads it."""
LONGEST = 12_000_000
"""Characters of a message that are looked at: some 20,000 rows."""
_HALF = 32
_FIELDS = ("about", "at", "body", "from", "id", "kind", "schema", "to")
_TEXTS = ("about", "at", "from", "id", "kind", "to")
_LONGEST_ID = 200

UNREADABLE = malformed(
    "exchange.message_unreadable",
    "The message cannot be read: {problem}.",
    "报文无法读取：{problem}。",
)
UNPROVED = forbidden(
    "exchange.message_unproved",
    "The message proves nothing: {problem}. Sign it by a key that the other side knows.",
    "报文无法证实：{problem}。请用对方已登记的密钥签名。",
)
STALE = declined(
    "exchange.message_stale",
    "The message was signed at {at}, too far from now; sign it anew, under the same id.",
    "报文签署于 {at}，与当前时间相差过大；请以同一编号重新签署。",
)
ELSEWHERE = declined(
    "exchange.message_elsewhere",
    "The message is for {to}, and this is {here}.",
    "报文的接收方是 {to}，而此处是 {here}。",
)
OTHER_SCHEMA = declined(
    "exchange.schema_unknown",
    "The message is of schema {schema}; this side speaks {ours}.",
    "报文的格式版本为 {schema}；本方使用 {ours}。",
)

NO_TOKEN = Words("it is no signed message", "不是已签名的报文")
NOT_OURS = Words("its header is none of ours", "报文头不符合约定")
NO_KEY = Words("its sender has no such key here", "发送方在此没有该密钥")
NOT_GOOD = Words("its signature is not good", "签名不正确")
NOT_CANONICAL = Words("it is not written canonically", "未按规范形式书写")


@dataclass(frozen=True, slots=True)
class Message:
    """What one side tells the other: ``about`` is the message that it answers, empty where it answers none."""

    id: str
    kind: str
    sender: str
    receiver: str
    at: datetime
    body: dict[str, Any]
    about: str = ""
    written: bytes = field(default=b"", compare=False, repr=False)
    """Its body as it came, canonically; empty where it did not come."""

    @property
    def digest(self) -> bytes:
        """What identifies what it says, whenever and by whichever key it was signed."""
        return _digest(self.receiver, self.kind, self.written or _written(self.body))


class Exchange(Protocol):
    """The port ``exchange``: a node that this institution is a member of."""

    @property
    def name(self) -> str:
        """By what the node is addressed."""

    def tell(self, ident: str, kind: str, body: dict[str, Any]) -> Message | None:
        """Tell the node something under an id and have its signed answer; none where it gave none that proves anything."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which somebody's messages are checked."""

    spki: bytes

    @property
    def id(self) -> str:
        """How headers name it."""
        return key_id(self.spki)

    @property
    def suite(self) -> Suite:
        """The suite that it is of; refuses ``exchange.message_unproved`` where there is none."""
        return suite_of(self.spki)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A message whose signature was not looked at yet; good for finding out whose key to ask for."""

    message: Message
    schema: int
    key_id: str
    algorithm: str
    signed: bytes
    signature: bytes


def told_digest(receiver: str, kind: str, body: dict[str, Any]) -> bytes:
    """What identifies what is said to somebody."""
    return _digest(receiver, kind, _written(body))


def key_id(spki: bytes) -> str:
    """The name of a public key: the start of its SHA-256."""
    return base64url.encode(sha256(spki).digest()[:16])


def suite_of(spki: bytes) -> Suite:
    """The suite of a public key; refuses ``exchange.message_unproved``."""
    found = next((each for each in SUITES.values() if spki.startswith(each.prefix)), None)
    if found is None or len(spki) != len(found.prefix) + found.public_bytes:
        raise UNPROVED(problem=NO_KEY)
    return found


def public_of(key: KeyHandle) -> PublicKey:
    """The public half of a key, as the other side is told it."""
    return PublicKey(SUITES[key.algorithm].spki(key.public))


def sign(message: Message, key: KeyHandle) -> str:
    """A message, signed."""
    header = {"alg": ALGORITHMS[key.algorithm], "kid": public_of(key).id, "typ": TYPE}
    payload = {
        "about": message.about, "at": _instant(message.at), "body": message.body, "from": message.sender,
        "id": message.id, "kind": message.kind, "schema": SCHEMA, "to": message.receiver,
    }  # fmt: skip
    signed = f"{base64url.encode(_written(header))}.{base64url.encode(_written(payload))}"
    made = key.sign(signed.encode())
    return f"{signed}.{base64url.encode(made if key.algorithm == 'ed25519' else _flat(made))}"


def read(token: str) -> Unchecked:
    """What a token says, which proves nothing; refuses ``exchange.message_unreadable``."""
    if len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
        raise UNREADABLE(problem=NO_TOKEN)
    head, body, signature = token.split(".")
    try:
        header, payload = base64url.decode(head), base64url.decode(body)
        said, told = strict_json.parse(header), strict_json.parse(payload)
        octets = base64url.decode(signature)
    except ValueError:
        raise UNREADABLE(problem=NO_TOKEN) from None
    if not isinstance(said, dict) or set(said) != {"alg", "kid", "typ"} or said["typ"] != TYPE:
        raise UNREADABLE(problem=NOT_OURS)
    message = _message(told)
    if not _is_canonical(told, payload) or base64url.encode(octets) != signature:
        raise UNREADABLE(problem=NOT_CANONICAL)
    message = replace(message, written=_body(told, payload))
    return Unchecked(message, told["schema"], str(said["kid"]), str(said["alg"]), f"{head}.{body}".encode(), octets)


def checked(found: Unchecked, keys: Mapping[str, PublicKey], here: str, now: datetime) -> Message:
    """A message that its sender, whose keys they are, did sign for us just now.

    Refuses ``exchange.message_unproved``, ``exchange.message_elsewhere``, ``exchange.schema_unknown``,
    ``exchange.message_stale``.
    """
    key = keys.get(found.key_id)
    if key is None:
        raise UNPROVED(problem=NO_KEY)
    suite = key.suite
    signature = found.signature if suite.name == "ed25519" else _der(found.signature)
    if found.algorithm != ALGORITHMS[suite.name] or not suite.verify(suite.raw(key.spki), signature, found.signed):
        raise UNPROVED(problem=NOT_GOOD)
    message = found.message
    if message.receiver != here:
        raise ELSEWHERE(to=message.receiver, here=here)
    if found.schema != SCHEMA:
        raise OTHER_SCHEMA(schema=found.schema, ours=SCHEMA)
    if not now - BEHIND <= message.at <= now + AHEAD:
        raise STALE(at=_instant(message.at))
    return message


def _message(told: Any) -> Message:
    fits = isinstance(told, dict) and tuple(sorted(told)) == _FIELDS and isinstance(told["body"], dict)
    if not fits or type(told["schema"]) is not int or not all(isinstance(told[name], str) for name in _TEXTS):
        raise UNREADABLE(problem=NOT_OURS)
    names = [told[name] for name in _TEXTS]
    if not all(len(name) <= _LONGEST_ID and name.isprintable() for name in names) or not told["id"]:
        raise UNREADABLE(problem=NOT_OURS)
    try:
        at = datetime.fromisoformat(told["at"])
    except ValueError:
        raise UNREADABLE(problem=NOT_OURS) from None
    if at.tzinfo is None:
        raise UNREADABLE(problem=NOT_OURS)
    return Message(told["id"], told["kind"], told["from"], told["to"], at, told["body"], told["about"])


def _written(value: Any) -> bytes:
    """Canonical JSON of texts, whole numbers and truths, the names of whose fields are ASCII: there the writer of the standard
    library, which is ten times quicker, and RFC 8785 agree."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def _digest(receiver: str, kind: str, body: bytes) -> bytes:
    rest = _written({"kind": kind, "to": receiver})
    return sha256(b'{"body":' + body + b"," + rest[1:]).digest()


def _body(told: dict[str, Any], payload: bytes) -> bytes:
    """The body of a message out of its canonical JSON: what comes between ``at`` and ``from``, which is not written again."""
    head = _written({name: told[name] for name in ("about", "at")})[:-1] + b',"body":'
    tail = _written({name: told[name] for name in _FIELDS if name > "body"})
    return payload[len(head) : -len(tail)]


def _is_canonical(told: Any, payload: bytes) -> bool:
    try:
        return _written(told) == payload
    except TypeError:  # it holds a fraction, which no message of ours does
        return False


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _flat(der: bytes) -> bytes:
    one, other = decode_dss_signature(der)
    return one.to_bytes(_HALF) + other.to_bytes(_HALF)


def _der(flat: bytes) -> bytes:
    if len(flat) != 2 * _HALF:
        raise UNPROVED(problem=NOT_GOOD)
    return encode_dss_signature(int.from_bytes(flat[:_HALF]), int.from_bytes(flat[_HALF:]))
