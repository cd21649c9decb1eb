"""Refusals of keys and suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.kit.keys import blind, libcrypto
from farthing.kit.keys.files import file_key, fresh, write_key
from farthing.kit.keys.places import key_at
from farthing.kit.keys.suites import Use, suite_for
from farthing.kit.keys.tokens import make_key
from tests.errors.gallery import reproduces
from tests.kit.keys.test_blind import own_key
from tests.kit.keys.test_tokens import at, held


@reproduces("keys.unknown_suite")
def an_unknown_suite() -> None:
    fresh("rot13")


@reproduces("keys.suite_cannot")
def sm2_in_a_pdf() -> None:
    suite_for("sm2", Use.DOCUMENTS)


@reproduces("keys.no_library")
def no_libcrypto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "NAMES", ("libcrypto.so.none",))
    libcrypto.linked.cache_clear()
    try:
        suite_for("sm2", Use.LOG)
    finally:
        libcrypto.linked.cache_clear()


@reproduces("keys.unreadable")
def a_file_without_a_key(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("no key")
    path.chmod(0o600)
    file_key(path)


@reproduces("keys.file_there")
def a_key_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    write_key(path, fresh("p256"))
    write_key(path, fresh("p256"))


@reproduces("keys.malformed_place")
def a_place_that_is_none() -> None:
    key_at("pkcs11:token=bank")


@reproduces("keys.no_token")
def a_token_that_is_not_there(tokens: Path) -> None:
    key_at(at(tokens, "any", "elsewhere"))


@reproduces("keys.pin_wrong")
def a_wrong_pin(tokens: Path) -> None:
    path = tokens / "guessed"
    path.write_text("0000000\n")
    path.chmod(0o600)
    key_at(at(tokens, "any", pin="guessed"))


@reproduces("keys.label_taken")
def a_label_twice(tokens: Path) -> None:
    for _ in range(2):
        make_key(held(tokens), "gallery", "p256")


@reproduces("keys.not_blinded")
def a_message_that_was_not_blinded() -> None:
    blind.blind_sign(own_key(), b"a token in plain sight")


@reproduces("keys.token_not_signed")
def a_token_that_nobody_signed() -> None:
    blind.check(own_key().public_key(), bytes(32), bytes(512))
