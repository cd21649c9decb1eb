"""Own the line to an authority's OCSP responder: HTTP POST as RFC 6960 appendix A.1 says. Never falls back to another one."""

from __future__ import annotations

from farthing.kit.client import PeerFault, host_of, post
from farthing.kit.errors import declined

UNAVAILABLE = declined(
    "signing.revocation_unavailable",
    "The certificate authority's responder at {host} did not answer ({problem}); nothing was signed, try again later.",
    "认证机构的证书状态服务 {host} 未应答（{problem}）；尚未签署，请稍后再试。",
)
REQUEST, ANSWER = "application/ocsp-request", "application/ocsp-response"
_LIMIT = 1 << 16


class HttpResponder:
    """A responder at an ``http`` or ``https`` address; what it answers is signed, so the line need not be."""

    def __init__(self, url: str, timeout_seconds: int = 10) -> None:
        self._url, self._timeout_seconds = url, timeout_seconds

    def answer(self, request: bytes) -> bytes:
        """Its OCSPResponse (DER); refuses ``signing.revocation_unavailable``."""
        try:
            return post(
                self._url, request, within=self._timeout_seconds, at_most=_LIMIT, sends=REQUEST, expects=ANSWER
            ).body
        except PeerFault as problem:
            raise UNAVAILABLE(host=host_of(self._url), problem=str(problem)) from None
