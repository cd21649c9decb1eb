"""Envelopes of kept values: each suite's open after a change of suite and of secret, and nothing else opens."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.keys.envelopes import Envelopes, NotOurs

ABOUT = b"a seed"


@given(st.binary(max_size=200), st.sampled_from(["p256", "sm2"]), st.data())
def test_an_envelope_opens_as_it_was_sealed_and_not_after_a_change(
    plain: bytes, suite: str, data: st.DataObject
) -> None:
    envelopes = Envelopes("a secret", suite)
    sealed = envelopes.seal(plain, ABOUT)
    assert envelopes.open(sealed, ABOUT) == plain
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= data.draw(st.integers(1, 255))
    for wrong, about in ((bytes(changed), ABOUT), (sealed, b"another"), (sealed[:place], ABOUT)):
        with pytest.raises(NotOurs):
            envelopes.open(wrong, about)


def test_old_suites_and_secrets_open_and_are_told_apart() -> None:
    old = Envelopes("the first secret", "p256").seal(b"kept", ABOUT)
    now = Envelopes("the second secret", "sm2", ("the first secret",))
    assert now.open(old, ABOUT) == b"kept"
    assert not old.startswith(now.head)
    anew = now.seal(now.open(old, ABOUT), ABOUT)
    assert anew.startswith(now.head)
    assert b"sm2" in anew[:8], "it names its suite"
    with pytest.raises(NotOurs):
        Envelopes("the first secret", "p256").open(anew, ABOUT)
    assert Envelopes("the second secret", "p256").open(anew, ABOUT) == b"kept", "and back"


def test_a_suite_that_seals_nothing_is_refused_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        Envelopes("a secret", "ed25519")
    assert refused.value.code == "keys.suite_cannot"


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")
def test_openssl_decrypts_what_sm4_encrypted() -> None:
    """The program has no GCM of SM4; GCM encrypts by the counter mode, which it has, from the second block on."""
    envelopes = Envelopes("a secret", "sm2")
    sealed = envelopes.seal(b"for the other program", ABOUT)
    nonce, body = sealed[13:25], sealed[25:-16]
    arguments = ["enc", "-d", "-sm4-ctr", "-K", envelopes._now.octets.hex(), "-iv", (nonce + b"\0\0\0\2").hex()]
    assert subprocess.run(["openssl", *arguments], input=body, capture_output=True, check=True).stdout == (
        b"for the other program"
    )
