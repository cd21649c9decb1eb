"""Own the line to a witness: C2SP tlog-witness over HTTP. Never retries by itself.

It is asked by errand, with no transaction open: the head of the log is free meanwhile, and appending never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from farthing.evidence import note
from farthing.evidence.model import Seen
from farthing.kit.errors import InvariantBroken, declined

WITNESS_UNAVAILABLE = declined(
    "evidence.witness_unavailable",
    "The witness at {host} did not cosign ({problem}); the checkpoint was not published, try again later.",
    "见证方 {host} 未会签({problem});检查点尚未公布,请稍后再试。",
)

_LIMIT = 1 << 16
CONFLICT = 409
"""How a witness says that it saw another size, which its answer holds."""


class HttpWitness:
    """A ``Witness`` at an ``http`` or ``https`` address (c2sp.org/tlog-witness, ``add-checkpoint``)."""

    def __init__(self, url: str, vkey: str, timeout_seconds: int = 10) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvariantBroken(f"the witness's address {url} is not http or https")
        note.VerifierKey.parse(vkey)
        self._url, self._vkey, self._timeout_seconds, self._host = url, vkey, timeout_seconds, parts.hostname

    @property
    def vkey(self) -> str:
        """The witness's verifier key, configured and not learned from it."""
        return self._vkey

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        """Its signature line, or the size it saw last, if that is another; refuses ``evidence.witness_unavailable``."""
        body = note.witness_request(old_size, proof, text).encode()
        asked = Request(f"{self._url.rstrip('/')}/add-checkpoint", data=body)  # noqa: S310 - scheme checked above
        try:
            with urlopen(asked, timeout=self._timeout_seconds) as response:  # noqa: S310
                answer = response.read(_LIMIT).decode()
        except HTTPError as error:
            seen = note.size_line(error.read(_LIMIT)) if error.code == CONFLICT else None
            if seen is not None:
                return Seen(seen)
            raise WITNESS_UNAVAILABLE(host=self._host, problem=str(error)) from None
        except (URLError, OSError, UnicodeDecodeError) as error:
            raise WITNESS_UNAVAILABLE(host=self._host, problem=str(error)) from None
        name = note.VerifierKey.parse(self._vkey).name
        for line in answer.splitlines():
            if line.startswith(f"— {name} "):
                return str(line)
        raise WITNESS_UNAVAILABLE(host=self._host, problem="its answer holds no line of its key")
