"""A number's envelope to its network, by X25519 or by SM2: the network reads it, for that question, and nobody else."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.keys.libcrypto import Sm2Key
from farthing.payments.bindings.sealing import NATIONAL, Sealer, opened

NUMBER, ABOUT = "6222021234567890123", "errand_1"
CURVE, NATION, OTHER = X25519PrivateKey.generate(), Sm2Key.make(), Sm2Key.make()


def sealed(private: X25519PrivateKey | Sm2Key) -> str:
    raw = NATIONAL.raw(private.spki) if isinstance(private, Sm2Key) else private.public_key().public_bytes_raw()
    return Sealer(raw).seal(NUMBER, ABOUT)


@pytest.mark.parametrize("private", [CURVE, NATION], ids=["x25519", "sm2"])
@given(data=st.data())
def test_only_its_network_reads_a_number_for_its_question(
    private: X25519PrivateKey | Sm2Key, data: st.DataObject
) -> None:
    text = sealed(private)
    assert opened(text, ABOUT, private) == NUMBER and sealed(private) != text
    assert NUMBER.encode() not in base64.b64decode(text)
    for stranger in (OTHER, X25519PrivateKey.generate()):
        assert opened(text, ABOUT, stranger) is None
    assert opened(text, "errand_2", private) is None
    raw = bytearray(base64.b64decode(text))
    place = data.draw(st.integers(0, 1_000)) % len(raw)  # an envelope of SM2 is not always as long
    raw[place] ^= data.draw(st.integers(1, 255))
    assert opened(base64.b64encode(raw).decode(), ABOUT, private) is None
    short = base64.b64encode(raw[:place]).decode()
    assert opened(short, ABOUT, private) is None
