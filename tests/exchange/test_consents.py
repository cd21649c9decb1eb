"""A consent is what its person signed, within its template; a use keeps to it at the moment of the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.consents import rules, signing
from farthing.exchange.consents.model import KINDS, Ceiling, Event, Kept, Use
from farthing.exchange.consents.templates import templates
from farthing.identity import jose
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from tests.exchange.consents import LENDER, NODE, NOW, artefact, her_key, kept

USE = Use(LENDER, NODE, "loan_application", ("instalment",), 12)


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    """The code of a refusal."""
    return refused.value.code


def test_what_she_signed_is_read_back_and_no_other_key_signs_it():
    key, other = her_key(), ec.generate_private_key(ec.SECP256R1())
    jws = signing.sign(key, artefact())
    assert signing.read(jws, [signing.public_of(key)]) == artefact()
    forged = jose.signed(other, artefact().subject, plain(artefact()))
    lent = jose.signed(other, signing.public_of(other)["kid"], plain(artefact()))
    head, body, tail = jws.split(".")
    wider = json.loads(jose.base64url.decode(body)) | {"recipient": "lender-two"}
    changed = f"{head}.{jose.base64url.encode(json.dumps(wider).encode())}.{tail}"
    both = [signing.public_of(key), signing.public_of(other)]
    for bad in (forged, lent, changed, "", "a.b.c", jws[:-4]):
        with pytest.raises(Refusal) as refused:
            signing.read(bad, both)
        assert code(refused) == "exchange.consent_unsigned"
    with pytest.raises(Refusal) as refused:
        signing.read(jose.signed(key, artefact().subject, {"schema": "farthing-consent/1"}), both)
    assert code(refused) == "exchange.consent_malformed"
    with pytest.raises(Refusal) as refused:
        signing.thumbprint({"kty": "oct", "k": "AAAA"})
    assert code(refused) == "exchange.person_key_malformed"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"kinds": (Ceiling("instalment", 25, 31, 2, "once"),)}, "exchange.consent_stretched"),
        ({"kinds": (Ceiling("instalment", 24, 32, 2, "once"),)}, "exchange.consent_stretched"),
        ({"kinds": (Ceiling("instalment", 24, 31, 3, "once"),)}, "exchange.consent_stretched"),
        ({"kinds": (Ceiling("instalment", 24, 31, 2, "month"),)}, "exchange.consent_stretched"),
        ({"expires_at": NOW + timedelta(days=31, seconds=1)}, "exchange.consent_stretched"),
        ({"template": "FX03", "purpose": "guarantee", "kinds": (Ceiling("bnpl", 1, 1, 1, "once"),)},
         "exchange.consent_stretched"),
        ({"template": "FX99"}, "exchange.consent_template_unknown"),
        ({"purpose": "account_review"}, "exchange.consent_purpose"),
        ({"controller": "another-node"}, "exchange.consent_of_others"),
        ({"kinds": ()}, "exchange.consent_malformed"),
        ({"kinds": (Ceiling("instalment", 0, 31, 1, "once"),)}, "exchange.consent_malformed"),
        ({"kinds": (Ceiling("instalment", 1, 1, 1, "once"),) * 2}, "exchange.consent_malformed"),
        ({"expires_at": NOW}, "exchange.consent_malformed"),
        ({"schema": "farthing-consent/2"}, "exchange.consent_malformed"),
    ],
)  # fmt: skip
def test_a_consent_wider_than_its_template_is_none(changed, refusal):
    assert rules.check_given(artefact(), templates(), NODE).id == "FX01"
    with pytest.raises(Refusal) as refused:
        rules.check_given(artefact(**changed), templates(), NODE)
    assert code(refused) == refusal


@given(st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_one_more_kind_never_widens_another(asked, added):
    """The hole of the public table: there, the widest range of all kinds held for each."""
    template = templates()["FX01"]
    most = {each.kind: each for each in template.ceilings}
    wider = replace(most[asked], months=most[asked].months + 1)
    with pytest.raises(Refusal) as refused:
        kinds = (wider,) if asked == added else (wider, most[added])
        rules.check_given(artefact(kinds=kinds), templates(), NODE)
    assert code(refused) == "exchange.consent_stretched"


def _refusal(it: Kept, use: Use = USE, at=NOW) -> str:
    try:
        rules.check_use(it, use, at)
    except Refusal as refused:
        return refused.code
    return ""


def test_a_use_keeps_to_the_consent_at_the_moment_of_the_answer():
    it, ends = kept(), artefact().expires_at
    assert _refusal(it) == ""
    assert _refusal(it, at=ends - timedelta(microseconds=1)) == ""
    assert _refusal(it, at=ends) == "exchange.consent_expired"
    assert _refusal(it, at=NOW - timedelta(seconds=1)) == "exchange.consent_not_begun"
    assert _refusal(replace(it, revoked_at=NOW)) == "exchange.consent_withdrawn"
    assert _refusal(replace(it, revoked_at=NOW), at=ends) == "exchange.consent_withdrawn"
    assert _refusal(replace(it, paused=True)) == "exchange.consent_paused"
    assert _refusal(it, replace(USE, recipient="lender-two")) == "exchange.consent_of_others"
    assert _refusal(it, replace(USE, controller="node-two")) == "exchange.consent_of_others"
    assert _refusal(it, replace(USE, purpose="account_review")) == "exchange.consent_purpose"
    assert _refusal(it, replace(USE, kinds=("instalment", "utility"))) == "exchange.consent_kind"
    assert _refusal(it, replace(USE, kinds=("revolving",), months=13)) == "exchange.consent_range"
    assert _refusal(it, replace(USE, months=24)) == ""
    used = (("instalment", NOW), ("revolving", NOW))
    assert _refusal(it, replace(USE, fetched=used)) == ""
    assert _refusal(it, replace(USE, fetched=used, kinds=("revolving",))) == "exchange.consent_spent"
    assert _refusal(it, replace(USE, fetched=(*used, ("instalment", NOW)))) == "exchange.consent_spent"


@given(st.lists(st.integers(0, 400), max_size=12), st.integers(0, 400))
def test_within_any_period_no_more_is_fetched_than_allowed(days, now):
    allowed = Ceiling("instalment", 6, 31, 2, "month")
    fetched = tuple(("instalment", NOW + timedelta(days=each)) for each in days)
    counted = rules.fetched_lately(allowed, fetched, NOW + timedelta(days=now))
    assert counted == sum(1 for each in days if each > now - 31)


def test_what_was_fetched_is_deleted_after_its_days_or_when_the_consent_is_taken_back():
    it = artefact()
    assert rules.delete_by(it, "instalment", NOW) == NOW + timedelta(days=31)
    assert rules.delete_by(it, "instalment", NOW, NOW + timedelta(days=2)) == NOW + timedelta(days=2)
    assert rules.delete_by(it, "utility", NOW) == NOW


def test_the_receipt_names_what_the_standard_asks_for():
    key = her_key()
    jws = signing.sign(key, artefact())
    it = kept(jws=jws)
    record = signing.record(it, templates()["FX01"], [Event("given", NOW, "party_1", "page")], NOW)
    assert record["pii_principal_id"] == signing.public_of(key)["kid"]
    assert record["recipients"] == [LENDER] and record["withdrawal"] == "/me/consents"
    assert [each["kind"] for each in record["purposes"]] == ["instalment", "revolving"]
    assert record["events"][0]["event"] == "given" and record["state"] == "active"
