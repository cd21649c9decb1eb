"""Own the line to a witness: C2SP tlog-witness over HTTP. Never retries by itself.

It is asked by errand, with no transaction open: the head of the log is free meanwhile, and appending never waits.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.evidence import note
from farthing.evidence.model import Seen
from farthing.kit.client import PeerFault, Refused, host_of, post
from farthing.kit.errors import declined
from farthing.kit.words import Words

WITNESS_UNAVAILABLE = declined(
    "evidence.witness_unavailable",
    "The witness at {host} did not cosign ({problem}); the checkpoint was not published, try again later.",
    "见证方 {host} 未会签（{problem}）；检查点尚未公布，请稍后再试。",
)

_LIMIT = 1 << 16
CONFLICT = 409
"""How a witness says that it saw another size, which its answer holds."""


class HttpWitness:
    """A ``Witness`` at an ``http`` or ``https`` address (c2sp.org/tlog-witness, ``add-checkpoint``)."""

    def __init__(self, url: str, vkey: str, timeout_seconds: int = 10) -> None:
        note.VerifierKey.parse(vkey)
        self._url, self._vkey, self._timeout_seconds, self._host = url, vkey, timeout_seconds, host_of(url)

    @property
    def vkey(self) -> str:
        """The witness's verifier key, configured and not learned from it."""
        return self._vkey

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """Its signature line, or the size it saw last, if that is another; refuses ``evidence.witness_unavailable``."""
        body = note.witness_request(old_size, proof, text).encode()
        address = f"{self._url.rstrip('/')}/add-checkpoint"
        try:
            said = post(address, body, within=self._timeout_seconds, at_most=_LIMIT, sends="text/plain; charset=utf-8")
            answer = said.body.decode()
        except Refused as refused:
            seen = note.size_line(refused.answer.body) if refused.answer.status == CONFLICT else None
            if seen is not None and seen != old_size:
                return Seen(seen)
            raise WITNESS_UNAVAILABLE(host=self._host, problem=str(refused)) from None
        except (PeerFault, UnicodeDecodeError) as problem:
            raise WITNESS_UNAVAILABLE(host=self._host, problem=str(problem)) from None
        name = note.VerifierKey.parse(self._vkey).name
        for line in answer.splitlines():
            if line.startswith(f"— {name} "):
                return str(line)
        raise WITNESS_UNAVAILABLE(
            host=self._host, problem=Words("its answer holds no line of its key", "应答中没有其密钥的签名行")
        )
