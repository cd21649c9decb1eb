"""A ballot played through for tests: a key, tokens signed blind, votes, the box."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from farthing.kit.keys import blind
from farthing.voice.ballots.box import Rules, published
from tests.kit.keys.test_blind import own_key

APPROVAL = Rules(("shorter term", "smaller minimum", "softer penalty"), "approval", 0, 2)
POINTS = Rules(APPROVAL.options, "points", 10, 2)


def boxed(rules: Rules, votes: Sequence[Mapping[str, int]], issued: int | None = None, seed: int = 1) -> dict[str, Any]:
    """The box of these votes, each cast with a token that the roll signed without seeing it."""
    key, random = own_key(), Random(seed)
    public, tokens = key.public_key(), {}
    for _ in votes:
        token = random.randbytes(32)
        asked = blind.blind(public, token)
        tokens[token] = blind.finalize(public, token, blind.blind_sign(key, asked.message), asked)
    choices = {random.randbytes(32): vote for vote in votes}
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    box = published("bal_1", rules, der, len(votes) if issued is None else issued, tokens, choices)
    return dict(json.loads(json.dumps(box)))
