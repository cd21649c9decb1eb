"""Own the line to a licensed RFC 3161 time-stamping authority: HTTP POST as RFC 3161 section 3.4 says.

Its certificates are the deployment's choice (a PEM file, its own certificate first); their revocation lists are fetched
from the addresses the certificates name. Never retries by itself and never falls back to another authority.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.kit.errors import InvariantBroken, declined

TIMESTAMP_UNAVAILABLE = declined(
    "signing.timestamp_unavailable",
    "The time-stamping authority at {host} did not answer ({problem}); nothing was signed, try again later.",
    "时间戳机构 {host} 未应答({problem});尚未签署,请稍后再试。",
)

_LIMIT = 1 << 22


class HttpTimestamper:
    """``Timestamper`` at an ``http`` or ``https`` address; ``certificates`` is its chain (DER), root last."""

    def __init__(self, url: str, certificates: Sequence[bytes], timeout_seconds: int = 10) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvariantBroken(f"the time-stamping authority's address {url} is not http or https")
        if not certificates:
            raise InvariantBroken("a time-stamping authority needs its certificates, to be checked before use")
        self._url, self._timeout_seconds, self._host = url, timeout_seconds, parts.hostname
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
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        kind, answer = self._fetch(self._url, request, headers)
        if kind != "application/timestamp-reply":
            raise TIMESTAMP_UNAVAILABLE(host=self._host, problem=f"it answered {kind}")
        return answer

    def revocation_lists(self) -> tuple[bytes, ...]:
        """The lists that its certificates name by HTTP (RFC 5280 section 4.2.1.13), fetched now."""
        lists = []
        for address in dict.fromkeys(address for der in self._chain for address in _list_addresses(der)):
            _, answer = self._fetch(address, None, {})
            lists.append(answer)
        return tuple(lists)

    def _fetch(self, address: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[str, bytes]:
        """Only http and https addresses reach here: the constructor and ``_list_addresses`` see to it."""
        asked = Request(address, data=body, headers=dict(headers))  # noqa: S310
        try:
            with urlopen(asked, timeout=self._timeout_seconds) as response:  # noqa: S310  # noqa: S310
                return response.headers.get_content_type(), response.read(_LIMIT)
        except (URLError, OSError) as error:
            raise TIMESTAMP_UNAVAILABLE(host=self._host, problem=str(error)) from None


def _list_addresses(der: bytes) -> list[str]:
    certificate = x509.load_der_x509_certificate(der)
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name.value for point in points for name in point.full_name or ()]
    return [str(name) for name in names if str(name).startswith(("http://", "https://"))]
