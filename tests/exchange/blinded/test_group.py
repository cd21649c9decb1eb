"""The group behind the port is RFC 9497's: its vectors of appendix A, and what a wrong key or a broken answer meets."""

from __future__ import annotations

import os

import pytest

from farthing.exchange.blinded.group import GROUPS, POINT_UNREADABLE, PROOF_FAILED
from tests.exchange.refused import refused

SEED, INFO = b"\xa3" * 32, b"test key"
VECTORS = {
    "ristretto255-SHA512": (
        "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e",
        {
            "00": (
                "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
                "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
                "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
                "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
            ),
            "5a" * 17: (
                "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
                "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
                "",
            ),
        },
    ),
    "P384-SHA384": (
        "031d689686c611991b55f1a1d8f4305ccd6cb719446f660a30db61b7aa87b46acf59b7c0d4a9077b3da21c25dd482229a0",
        {
            "00": (
                "02d338c05cbecb82de13d6700f09cb61190543a7b7e2c6cd4fca56887e564ea82653b27fdad383995ea6d02cf26d0e24d9",
                "02a7bba589b3e8672aa19e8fd258de2e6aae20101c8d761246de97a6b5ee9cf105febce4327a326255a3c604f63f600ef6",
                "3333230886b562ffb8329a8be08fea8025755372817ec969d114d1203d026b4a622beab60220bf19078bca35a529b35c",
            ),
            "5a" * 17: (
                "02f27469e059886f221be5f2cca03d2bdc61e55221721c3b3e56fc012e36d31ae5f8dc058109591556a6dbd3a8c69c433b",
                "03f16f903947035400e96b7f531a38d4a07ac89a80f89d86a1bf089c525a92c7f4733729ca30c56ce78b1ab4f7d92db8b4",
                "b91c70ea3d4d62ba922eb8a7d03809a441e1c3c7af915cbc2226f485213e895942cd0f8580e6d99f82221e66c40d274f",
            ),
        },
    ),
}
"""Appendix A.1.2 and A.4.2: the public key; per input the blinded element, the evaluated one, the output."""


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_rfc(name: str) -> None:
    group, (public, vectors) = GROUPS[name], VECTORS[name]
    key = group.keyed(SEED, INFO)
    assert key.public.hex() == public
    for text, (blinded, evaluated, output) in vectors.items():
        assert evaluated in key.evaluate([bytes.fromhex(blinded)]).hex()
        blinding = group.blind([bytes.fromhex(text)])
        tag = group.finish(blinding, key.evaluate(blinding.points), key.public)[0].hex()
        assert tag == output or not output
    assert blinded not in [point.hex() for point in group.blind([bytes.fromhex(text)] * 3).points]


@pytest.mark.parametrize("name", GROUPS)
def test_a_batch_has_the_tags_of_its_texts_and_one_proof(name: str) -> None:
    group = GROUPS[name]
    key, texts = group.keyed(os.urandom(32), b"a"), [b"one", b"two", b"one"]
    blinding = group.blind(texts)
    made = key.evaluate(blinding.points)
    tags = group.finish(blinding, made, key.public)
    assert tags[0] == tags[2] != tags[1]
    other = group.keyed(os.urandom(32), b"a")
    for evaluated, public in (
        (made, other.public), (other.evaluate(blinding.points), key.public), (b"", key.public), (made[:-1], key.public),
        (made, b"none"), (key.evaluate(blinding.points[:2]), key.public), (bytes(len(made)), key.public),
    ):  # fmt: skip
        with refused(PROOF_FAILED):
            group.finish(blinding, evaluated, public)
    for point in (b"", bytes(32), b"\xff" * 49):
        with refused(POINT_UNREADABLE):
            key.evaluate([point])


def test_two_purposes_have_nothing_in_common() -> None:
    group, seed = GROUPS["ristretto255-SHA512"], os.urandom(32)
    one, other = (group.keyed(seed, info) for info in (b"loan 2026Q4", b"review 2026Q4"))
    blinding = group.blind([b"somebody"])
    tags = {group.finish(blinding, key.evaluate(blinding.points), key.public) for key in (one, other)}
    assert len(tags) == 2
