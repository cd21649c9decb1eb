"""Own the line to a licensed RFC 3161 time-stamping authority: HTTP POST as RFC 3161 section 3.4 says.

Its certificates are the deployment's choice (a PEM file, its own certificate first); their revocation lists are fetched
from the addresses the certificates name. Never retries by itself and never falls back to another authority.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.kit.client import PeerFault, get, host_of, post
from farthing.kit.errors import InvariantBroken, Refusal, declined

TIMESTAMP_UNAVAILABLE = declined(
    "signing.timestamp_unavailable",
    "The time-stamping authority at {host} did not answer ({problem}); nothing was signed, try again later.",
    "时间戳机构 {host} 未应答（{problem}）；尚未签署，请稍后再试。",
)

_LIMIT = 1 << 22


class HttpTimestamper:
    """``Timestamper`` at an ``http`` or ``https`` address; ``certificates`` is its chain (DER), root last."""

    def __init__(self, url: str, certificates: Sequence[bytes], timeout_seconds: int = 10) -> None:
        if not certificates:
            raise InvariantBroken("a time-stamping authority needs its certificates, to be checked before use")
        self._url, self._timeout_seconds, self._host = url, timeout_seconds, host_of(url)
        self._chain = tuple(certificates)

    @classmethod
    def from_pem(cls, url: str, pem: bytes, timeout_seconds: int = 10) -> HttpTimestamper:
        """The same from a PEM file: its certificate first, root last."""
        chain = [item.public_bytes(Encoding.DER) for item in x509.load_pem_x509_certificates(pem)]
        return cls(url, chain, timeout_seconds)

    @property
    def name(self) -> str:
        """The authority's host."""
        return self._host

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Its certificates (DER), root last."""
        return self._chain

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Its root (DER)."""
        return self._chain[-1:]

    def answer(self, request: bytes) -> bytes:
        """Its TimeStampResp (DER); refuses ``signing.timestamp_unavailable``."""
        within, sends, expects = self._timeout_seconds, "application/timestamp-query", "application/timestamp-reply"
        try:
            return post(self._url, request, within=within, at_most=_LIMIT, sends=sends, expects=expects).body
        except PeerFault as problem:
            raise self._silent(problem) from None

    def revocation_lists(self) -> tuple[bytes, ...]:
        """The lists that its certificates name by HTTP (RFC 5280 section 4.2.1.13), fetched now."""
        addresses = dict.fromkeys(address for der in self._chain for address in _list_addresses(der))
        try:
            return tuple(get(each, within=self._timeout_seconds, at_most=_LIMIT).body for each in addresses)
        except PeerFault as problem:
            raise self._silent(problem) from None

    def _silent(self, problem: PeerFault) -> Refusal:
        return TIMESTAMP_UNAVAILABLE(host=self._host, problem=str(problem))


def _list_addresses(der: bytes) -> list[str]:
    certificate = x509.load_der_x509_certificate(der)
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name.value for point in points for name in point.full_name or ()]
    return [str(name) for name in names if str(name).startswith(("http://", "https://"))]
