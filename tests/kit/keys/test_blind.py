"""Blind signatures against the four vectors of RFC 9474, appendix A, and against whoever sends other bytes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from farthing.kit.errors import Refusal
from farthing.kit.keys import blind

VECTORS = {each["name"]: each for each in json.loads((Path(__file__).parent / "rfc9474.json").read_text("utf-8"))}


def key_of(vector: dict[str, str]) -> rsa.RSAPrivateKey:
    p, q, n, d = (int(vector[name], 16) for name in "pqnd")
    public = rsa.RSAPublicNumbers(65537, n)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key(unsafe_skip_rsa_key_validation=True)


@cache
def own_key() -> rsa.RSAPrivateKey:
    return key_of(VECTORS["RSABSSA-SHA384-PSS-Deterministic"])


@pytest.mark.parametrize("name", VECTORS)
def test_each_step_gives_the_bytes_of_the_standard(name: str) -> None:
    vector = VECTORS[name]
    key, inverse = key_of(vector), int(vector["inv"], 16)
    public, modulus = key.public_key(), int(vector["n"], 16)
    message, salt, *steps = (
        bytes.fromhex(vector[field].removeprefix("0x"))
        for field in ("input_msg", "salt", "blinded_msg", "blind_sig", "sig")
    )
    blinded = blind.blind(public, message, salt=salt, draw=lambda _: pow(inverse, -1, modulus))
    signed = blind.blind_sign(key, blinded.message)
    assert [blinded.message, signed, blind.finalize(public, message, signed, blinded, len(salt))] == steps


def test_the_roll_sees_nothing_of_a_token_and_what_it_did_not_sign_is_no_token() -> None:
    key = own_key()
    public, token = key.public_key(), bytes(range(32))
    one, two = blind.blind(public, token), blind.blind(public, token)
    assert one.message != two.message  # blinded twice, the same token is two strangers
    signature = blind.finalize(public, token, blind.blind_sign(key, one.message), one)
    blind.check(public, token, signature)
    for message, given in ((bytes(32), signature), (token, signature[:-1]), (token, bytes(blind.size(public)))):
        with pytest.raises(Refusal, match="signature"):
            blind.check(public, message, given)
    with pytest.raises(Refusal, match="signature"):
        blind.finalize(public, token, blind.blind_sign(key, one.message), two)  # an answer to another request


@pytest.mark.parametrize("number", [0, "n", "n+1", "short"])
def test_what_is_no_number_below_the_modulus_is_not_signed(number: int | str) -> None:
    key = own_key()
    modulus, length = key.private_numbers().public_numbers.n, blind.size(key.public_key())
    sent = {0: bytes(length), "n": modulus.to_bytes(length, "big"), "n+1": (modulus + 1).to_bytes(length, "big"),
            "short": b"\x01" * (length - 1)}[number]  # fmt: skip
    with pytest.raises(Refusal) as caught:
        blind.blind_sign(key, sent)
    assert caught.value.code == "keys.not_blinded"
