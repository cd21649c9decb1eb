"""Suites of keys as a policy pack chooses them."""

from __future__ import annotations

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.keys.suites import Use
from farthing.products import files
from farthing.products.library import ROOT

SHIPPED = (ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")


def test_a_pack_chooses_the_national_suite() -> None:
    text = SHIPPED.replace('log = "ed25519"', 'log = "sm2"').replace('envelopes = "p256"', 'envelopes = "sm2"')
    _, _, policy = files.decode("policy", text)
    assert {use: policy.suites.of(use) for use in Use} == {
        Use.DOCUMENTS: "p256", Use.CERTIFICATES: "p256", Use.LOG: "sm2", Use.ENVELOPES: "sm2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "wrong", "able"),
    [
        ('documents = "p256"', 'documents = "sm2"', "p256"),
        ('documents = "p256"', 'documents = "ed25519"', "p256"),
        ('envelopes = "p256"', 'envelopes = "ed25519"', "p256, sm2"),
        ('log = "ed25519"', 'log = "rsa"', "p256, ed25519, sm2"),
    ],
)
def test_what_a_suite_cannot_do_is_refused_when_the_pack_is_read(line: str, wrong: str, able: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.decode("policy", SHIPPED.replace(line, wrong))
    assert refused.value.code == "products.invalid"
    assert able in str(refused.value)
