"""Signed messages: what is proved by one, and what is not; another library reads the same."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk, jws

from farthing.exchange.messages import AHEAD, BEHIND, Message, checked, public_of, read, sign, told_digest
from farthing.kit import base64url
from farthing.kit.errors import Refusal
from farthing.kit.keys.files import fresh

NOW = datetime(2026, 3, 31, 8, tzinfo=UTC)
SAID = Message("furnish:2026-03.1:open", "cycle_open", "member", "node", NOW, {"cycle": "2026-03.1", "名": "甲"}, "")
KEYS = {suite: fresh(suite) for suite in ("p256", "ed25519", "sm2")}


def opened(token: str, suite: str = "ed25519", here: str = "node", now: datetime = NOW) -> Message:
    public = public_of(KEYS[suite])
    return checked(read(token), {public.id: public}, here, now)


def refused(token: str, **rest: Any) -> str:
    with pytest.raises(Refusal) as told:
        opened(token, **rest)
    return told.value.code


@pytest.mark.parametrize("suite", KEYS)
def test_what_was_signed_is_read_as_it_was_said(suite: str) -> None:
    assert opened(sign(SAID, KEYS[suite]), suite) == SAID


@pytest.mark.parametrize(("suite", "algorithm"), [("p256", "ES256"), ("ed25519", "Ed25519")])
def test_another_library_finds_the_same_signature_good(suite: str, algorithm: str) -> None:
    spki = public_of(KEYS[suite]).spki
    pem = f"-----BEGIN PUBLIC KEY-----\n{b64encode(spki).decode()}\n-----END PUBLIC KEY-----\n"
    key = (jwk.ECKey if suite == "p256" else jwk.OKPKey).import_key(pem)
    found = jws.deserialize_compact(sign(SAID, KEYS[suite]), key, algorithms=[algorithm])
    assert b'"cycle":"2026-03.1"' in found.payload


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SAYS = st.dictionaries(
    st.sampled_from(["at", "body", "from", "x", "行"]), TEXTS | st.integers() | st.lists(st.booleans())
)


@given(ident=st.from_regex(r"[a-z\"\\:,{}甲]{1,30}", fullmatch=True), body=SAYS)
def test_what_identifies_a_message_is_the_same_written_and_read(ident: str, body: dict[str, Any]) -> None:
    said = Message(ident, "cycle_open", "member", "node", NOW, body, ident)
    come = read(sign(said, KEYS["ed25519"])).message
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert (come.digest, come.written) == (said.digest, written)
    assert come.digest == told_digest("node", "cycle_open", body)


def test_a_message_is_good_for_one_receiver_for_minutes_and_by_a_known_key() -> None:
    token = sign(SAID, KEYS["ed25519"])
    assert refused(token, here="another") == "exchange.message_elsewhere"
    assert opened(token, now=NOW - AHEAD) == opened(token, now=NOW + BEHIND)
    assert refused(token, now=NOW - AHEAD - timedelta(seconds=1)) == "exchange.message_stale"
    assert refused(token, now=NOW + BEHIND + timedelta(seconds=1)) == "exchange.message_stale"
    assert refused(token, suite="p256") == "exchange.message_unproved"
    assert refused(sign(SAID, fresh("ed25519"))) == "exchange.message_unproved"


def test_a_header_that_says_another_algorithm_proves_nothing() -> None:
    head, body, signature = sign(SAID, KEYS["ed25519"]).split(".")
    for algorithm in ("none", "HS256", "ES256"):
        forged = base64url.encode(base64url.decode(head).replace(b"Ed25519", algorithm.encode()))
        assert refused(f"{forged}.{body}.{signature}") == "exchange.message_unproved"


def test_what_is_said_is_known_again_however_it_was_signed() -> None:
    later = Message(**{**{name: getattr(SAID, name) for name in SAID.__slots__}, "at": NOW + timedelta(hours=1)})
    assert later.digest == SAID.digest
    other = Message(SAID.id, SAID.kind, SAID.sender, SAID.receiver, NOW, {"cycle": "2026-03.2"}, "")
    assert other.digest != SAID.digest


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_character_is_noticed(place: int, other: int) -> None:
    token = sign(SAID, KEYS["ed25519"])
    place %= len(token)
    if chr(other) != token[place]:
        code = refused(token[:place] + chr(other) + token[place + 1 :])
        assert code in {"exchange.message_unreadable", "exchange.message_unproved"}


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "{}", "ü.ü.ü", "e30.e30.e30", "a" * 20_000])
def test_what_is_no_message_is_refused(token: str) -> None:
    assert refused(token) == "exchange.message_unreadable"


def test_a_fraction_has_no_place_in_a_message() -> None:
    head, _, signature = sign(SAID, KEYS["ed25519"]).split(".")
    body = b'{"about":"","at":"2026-03-31T08:00:00.000Z","body":{"x":1.5},"from":"m","id":"a","kind":"k","schema":1,"to":"node"}'
    assert refused(f"{head}.{base64url.encode(body)}.{signature}") == "exchange.message_unreadable"
