"""Own RFC 3161 requests and answers for checkpoints: build the request, and refuse an answer to another one.

The authority itself is above this package (``signing`` has a sandbox and an HTTP one); here it is a function from
TimeStampReq to TimeStampResp, both DER. The token's signature is judged by the checker, not here. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import cms, tsp

from farthing.kit.errors import declined
from farthing.kit.words import Words

NOT_STAMPED = declined(
    "evidence.not_timestamped",
    "The time-stamping authority did not stamp the checkpoint ({problem}); it stays as it is, ask again later.",
    "时间戳机构未为检查点加盖时间戳（{problem}）；检查点保持不变，请稍后再试。",
)


@dataclass(frozen=True)
class AnsweringTimestamper:
    """What stamps: an authority that answers RFC 3161 requests; ``new_nonce`` gives 64 random bits."""

    answer: Callable[[bytes], bytes]
    new_nonce: Callable[[], int]

    def stamp(self, imprint: bytes) -> bytes:
        """A token (DER ContentInfo) over a SHA-256 digest; refuses ``evidence.not_timestamped``."""
        nonce = self.new_nonce()
        return token_of(self.answer(request(imprint, nonce)), imprint, nonce)


def request(imprint: bytes, nonce: int) -> bytes:
    """A TimeStampReq (DER) for a SHA-256 digest that asks for the authority's certificate (section 2.4.1)."""
    algorithm = {"algorithm": "sha256"}
    message = {"hash_algorithm": algorithm, "hashed_message": imprint}
    made = {"version": "v1", "message_imprint": message, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(made).dump())


def token_of(response: bytes, imprint: bytes, nonce: int) -> bytes:
    """The token of a TimeStampResp, which must be granted and be over this digest and nonce (section 2.4.2)."""
    try:
        answer = tsp.TimeStampResp.load(response)
        status = answer["status"]["status"].native
        if status not in {"granted", "granted_with_mods"}:
            raise NOT_STAMPED(problem=status)
        token = bytes(answer["time_stamp_token"].dump())
        info = tst_info(token)
        same = bytes(info["message_imprint"]["hashed_message"].native) == imprint and info["nonce"].native == nonce
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NOT_STAMPED(problem=Words("its answer is not RFC 3161", "应答不符合 RFC 3161")) from None
    if not same:
        raise NOT_STAMPED(problem=Words("it stamped something else", "其时间戳针对其他内容"))
    return token


def tst_info(token: bytes) -> tsp.TSTInfo:
    """The TSTInfo within a token; ValueError or the like if it cannot be read."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    return tsp.TSTInfo.load(bytes(content))
