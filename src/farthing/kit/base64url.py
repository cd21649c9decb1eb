"""Own base64url without padding (RFC 4648 section 5): tokens, challenges, cursors, names made of digests."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(octets: bytes) -> str:
    """Bytes in base64url, without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Bytes out of base64url; ``ValueError`` where it is none."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
