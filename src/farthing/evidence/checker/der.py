"""Read the few DER structures a package holds: CMS, RFC 3161 tokens, certificates, revocation lists.

Only reads; every signature is verified by ``openssl``. Definite lengths only, as DER has (X.690 section 10.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SIGNATURE_TIMESTAMP = bytes.fromhex("2a864886f70d010910020e")


@dataclass(frozen=True)
class Node:
    """One element: its tag, where it starts and ends in ``data``, and where its content starts."""

    data: bytes
    tag: int
    start: int
    content: int
    end: int

    @property
    def raw(self) -> bytes:
        """The whole element."""
        return self.data[self.start : self.end]

    @property
    def value(self) -> bytes:
        """Its content."""
        return self.data[self.content : self.end]

    def children(self) -> list[Node]:
        """The elements within."""
        found, at = [], self.content
        while at < self.end:
            found.append(read(self.data, at, self.end))
            at = found[-1].end
        return found

    def child(self, *path: int) -> Node:
        """The element at a path of indexes."""
        node = self
        for index in path:
            node = node.children()[index]
        return node


def read(data: bytes, at: int = 0, limit: int | None = None) -> Node:
    """The element at ``at``; ValueError if it is not whole."""
    limit = len(data) if limit is None else limit
    if at + 2 > limit or data[at] & 0x1F == 0x1F:
        raise ValueError("not DER")
    length, content = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or content + count > limit:
            raise ValueError("not DER")
        length, content = int.from_bytes(data[content : content + count], "big"), content + count
    if content + length > limit:
        raise ValueError("not DER: it is cut short")
    return Node(data, data[at], at, content, content + length)


def instant(node: Node) -> datetime:
    """A UTCTime or GeneralizedTime, in UTC."""
    text = node.value.decode("ascii").rstrip("Z").partition(".")[0]
    if node.tag == 0x17:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """What revocation needs of a certificate: raw DER, issuer and subject names, serial number."""

    raw: bytes
    issuer: bytes
    subject: bytes
    serial: int


def certificate(raw: bytes) -> Certificate:
    """Read an X.509 certificate (RFC 5280 section 4.1)."""
    fields = read(raw).child(0).children()
    if fields[0].tag == 0xA0:
        fields = fields[1:]
    return Certificate(raw, fields[2].raw, fields[4].raw, int.from_bytes(fields[0].value, "big"))


@dataclass(frozen=True)
class RevocationList:
    """A CRL: its issuer, when it was made, and the revoked serial numbers with their dates."""

    raw: bytes
    issuer: bytes
    made_at: datetime
    revoked: dict[int, datetime]


def revocation_list(raw: bytes) -> RevocationList:
    """Read an X.509 CRL (RFC 5280 section 5.1)."""
    fields = read(raw).child(0).children()
    if fields[0].tag == 0x02:
        fields = fields[1:]
    issuer, made_at, rest = fields[1].raw, instant(fields[2]), fields[3:]
    if rest and rest[0].tag in {0x17, 0x18}:
        rest = rest[1:]
    revoked = {}
    if rest and rest[0].tag == 0x30:
        for entry in rest[0].children():
            serial, at = entry.children()[:2]
            revoked[int.from_bytes(serial.value, "big")] = instant(at)
    return RevocationList(raw, issuer, made_at, revoked)


@dataclass(frozen=True)
class Signed:
    """A CMS SignedData with one signer (RFC 5652 section 5)."""

    content_type: bytes
    content: bytes | None
    certificates: tuple[Certificate, ...]
    issuer: bytes
    serial: int
    signature: bytes
    tokens: tuple[bytes, ...]

    @property
    def signer(self) -> Certificate | None:
        """The signer's certificate, if it is in the structure."""
        for found in self.certificates:
            if (found.issuer, found.serial) == (self.issuer, self.serial):
                return found
        return None


def signed(raw: bytes) -> Signed:
    """Read a SignedData; the signature timestamp tokens are among the signer's unsigned attributes."""
    fields = read(raw).child(1, 0).children()
    encapsulated = fields[2].children()
    content = encapsulated[1].child(0).value if len(encapsulated) > 1 else None
    held = [item for field in fields[3:-1] if field.tag == 0xA0 for item in field.children()]
    certificates = tuple(certificate(item.raw) for item in held if item.tag == 0x30)
    signers = fields[-1].children()
    if len(signers) != 1:
        raise ValueError(f"{len(signers)} signers where one was expected")
    parts = signers[0].children()
    issuer, serial = parts[1].children()
    at = 4 if parts[3].tag == 0xA0 else 3
    tokens = []
    for attribute in parts[at + 2].children() if len(parts) > at + 2 else []:
        if attribute.child(0).value == SIGNATURE_TIMESTAMP:
            tokens += [item.raw for item in attribute.child(1).children()]
    return Signed(
        encapsulated[0].value,
        content,
        certificates,
        issuer.raw,
        int.from_bytes(serial.value, "big"),
        parts[at + 1].value,
        tuple(tokens),
    )


def token_time(token: bytes) -> datetime:
    """genTime of an RFC 3161 token."""
    held = signed(token)
    if held.content_type != TST_INFO or held.content is None:
        raise ValueError("not an RFC 3161 token")
    return instant(read(held.content).child(4))
