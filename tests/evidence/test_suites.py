"""A checkpoint signed by any suite: our own reading of it, and the checker's, which has openssl alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from farthing.evidence import note
from farthing.evidence.checker import log
from farthing.evidence.checker.report import Findings
from farthing.kit.errors import Refusal
from farthing.kit.keys.files import fresh
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.suites import SUITES
from farthing.kit.keys.tokens import make_key
from tests.kit.keys.test_tokens import held

HEAD = note.TreeHead("log.example/evidence", 7, hashlib.sha256(b"root").digest())


def checked(signed: str, key: str) -> list[tuple[str, str]]:
    """What the checker finds of a checkpoint's signature by a key."""
    findings = Findings()
    log.check_signature(log.parse_note(signed.encode()), [log.parse_key(key)], True, findings)
    return [(found.code, found.status.value) for found in findings.all]


def signed_by(key: KeyHandle) -> tuple[str, note.VerifierKey]:
    """A checkpoint, and the key by which it is checked."""
    vkey, text = note.VerifierKey(HEAD.origin, key.public, suite=key.algorithm), note.checkpoint_text(HEAD)
    return f"{text}\n{note.signature_line(vkey, key.sign(text.encode()))}\n", vkey


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_a_checkpoint_of_each_suite_is_verified_by_both(suite: str) -> None:
    signed, key = signed_by(fresh(suite))
    assert note.VerifierKey.parse(str(key)) == key
    assert note.verify(signed, key) is note.NoteStatus.VERIFIED
    assert checked(signed, str(key)) == [("checkpoint.signature", "passed")]
    forged = signed.replace("\n7\n", "\n8\n")
    assert note.verify(forged, key) is note.NoteStatus.FORGED
    assert checked(forged, str(key)) == [("checkpoint.signature", "failed")]
    _, other = signed_by(fresh(suite))
    assert note.verify(signed, other) is note.NoteStatus.UNSIGNED
    assert checked(signed, str(other)) == [("checkpoint.signature", "failed")]


def test_a_point_under_another_suites_type_is_another_key() -> None:
    signed, key = signed_by(fresh("sm2"))
    other = note.VerifierKey(key.name, key.public, suite="p256")
    assert other.ident != key.ident
    assert note.verify(signed, other) is note.NoteStatus.UNSIGNED
    for wrong in (str(key).replace("+", "+0", 1), str(key)[:-4], f"{key.name}+{key.ident.hex()}+/2Zvbw=="):
        with pytest.raises(Refusal) as refused:
            note.VerifierKey.parse(wrong)
        assert refused.value.code == "evidence.malformed_note"
        with pytest.raises(ValueError, match=r"."):
            log.parse_key(wrong)


def test_a_token_signs_checkpoints(tokens: Path) -> None:
    for suite in ("p256", "ed25519"):
        signed, key = signed_by(make_key(held(tokens), f"log-{suite}", suite))
        assert note.verify(signed, key) is note.NoteStatus.VERIFIED
        assert checked(signed, str(key)) == [("checkpoint.signature", "passed")]
