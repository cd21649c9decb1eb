"""What an attacker gets who has a token, a code, a request, a proof or an assertion of somebody else's, or bends one of his own:
nothing, and a code that says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwk, jwt

from farthing.identity.rules import actor_of
from farthing.kernel.clock import wall_clock
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Proved
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.sharing import reading_service, service
from farthing.sharing.model import AgreeToShare, StopSharing
from tests.banks import Shelf
from tests.conftest import DAY
from tests.identity.people import Person, enrolled
from tests.parties.people import resident_id
from tests.parties.vouching.partners import led
from tests.sharing.institutions import BACK, Institution, Visit, days_on, key_of, registered, visiting


@pytest.fixture(scope="module")
def visit(shelf: Shelf) -> Iterator[Visit]:
    """One bank, person and institution that all attacks are tried on."""
    with shelf.bank(DAY) as bank, visiting(bank) as found:
        yield found


@pytest.fixture(scope="module")
def thief(visit: Visit) -> Institution:
    """Another institution, registered too, which has come into possession of something."""
    key = key_of()
    client_id = registered(visit.bank, key, back="https://thief.example/cb")
    return Institution(visit.base, client_id, key, "https://thief.example/cb")


def refused(answered: httpx.Response, *wanted: str) -> None:
    """The answer is a refusal with one of these codes, and never a fault of ours."""
    assert answered.status_code in (400, 401, 403, 404), answered.text
    said = answered.json()
    assert said["code"] in wanted, said


def test_a_stolen_token_is_nothing_without_its_key(visit: Visit, thief: Institution) -> None:
    program = visit.institution
    access = visit.tokens()["access_token"]
    assert program.read("accounts", access).status_code == 200
    refused(thief.read("accounts", access), "sharing.proof_bad")
    refused(program.read("accounts", access, scheme="Bearer"), "sharing.token_bad")
    url = f"{visit.base}/v1/open/accounts"
    refused(program.http.get(url, headers={"Authorization": f"DPoP {access}"}), "sharing.proof_bad")
    refused(program.http.get(url, params={"access_token": access}), "sharing.token_bad")
    proof = program.proof("GET", url, access)
    twice = [("Authorization", f"DPoP {access}"), ("DPoP", proof), ("DPoP", program.proof("GET", url, access))]
    refused(program.http.get(url, headers=twice), "sharing.proof_bad")
    assert program.read("accounts", access, proof=proof).status_code == 200, "until now nobody has used it"
    refused(program.read("accounts", access, proof=proof), "sharing.proof_bad")  # replayed
    refused(
        program.read("balances", access, proof=program.proof("GET", url, access)), "sharing.proof_bad"
    )  # another htu
    refused(program.read("accounts", access, proof=program.proof("POST", url, access)), "sharing.proof_bad")
    refused(program.read("accounts", access, proof=program.proof("GET", url)), "sharing.proof_bad")  # no ath
    for skew in (-61, 30):
        late = program.proof("GET", url, access, iat=int(wall_clock().timestamp()) + skew)
        refused(program.read("accounts", access, proof=late), "sharing.proof_bad")
    ahead = program.proof("GET", url, access, iat=int(wall_clock().timestamp()) + 8)
    assert program.read("accounts", access, proof=ahead).status_code == 200
    stale = program.read("accounts", access, proof=program.proof("GET", url, access, nonce="made up"))
    refused(stale, "sharing.nonce_needed")
    assert stale.headers["dpop-nonce"] and 'error="use_dpop_nonce"' in stale.headers["www-authenticate"]
    for other in ("access_", access[:-1] + "x", "refresh" + access[6:], "access_1_x", "x" * 301, "a\tb"):
        refused(program.read("accounts", other), "sharing.token_bad")


def test_a_refresh_token_reads_nothing_and_another_cannot_use_it(visit: Visit, thief: Institution) -> None:
    tokens = visit.tokens()
    refused(visit.institution.read("accounts", tokens["refresh_token"]), "sharing.token_bad")
    refused(thief.refresh(tokens["refresh_token"]), "parties.openid_grant_bad")
    refused(visit.institution.refresh(tokens["access_token"]), "parties.openid_grant_bad")
    introspect = thief.says["introspection_endpoint"]
    assert thief.post(introspect, proof=None, token=tokens["access_token"]).json() == {"active": False}
    thief.post(thief.says["revocation_endpoint"], proof=None, token=tokens["refresh_token"])
    assert visit.institution.refresh(tokens["refresh_token"]).status_code == 200


def test_a_stolen_code(visit: Visit, thief: Institution) -> None:
    program, code = visit.institution, visit.code()
    refused(thief.redeem(code), "parties.openid_grant_bad")
    mallory = replace(thief, verifier=program.verifier, bound=program.bound)
    refused(mallory.redeem(code, redirect_uri=program.back), "parties.openid_grant_bad")
    for wrong in ({"code_verifier": "v" * 43}, {"code_verifier": ""}, {"redirect_uri": "https://thief.example/cb"}):
        refused(program.redeem(code, **wrong), "parties.openid_grant_bad")
    other = program.proof("POST", program.says["token_endpoint"], key=jwk.ECKey.generate_key("P-256"))
    refused(program.redeem(code, proof=other), "parties.openid_grant_bad")  # bound by dpop_jkt
    refused(
        program.post(program.says["token_endpoint"], proof=None, grant_type="authorization_code", code=code),
        "sharing.proof_bad",
    )
    tokens = program.redeem(code).json()
    assert program.read("accounts", tokens["access_token"]).status_code == 200
    refused(thief.redeem(code), "parties.openid_grant_bad")  # a stranger's try ends nothing
    assert program.read("accounts", tokens["access_token"]).status_code == 200
    refused(program.redeem(code), "parties.openid_grant_bad")
    refused(program.read("accounts", tokens["access_token"]), "sharing.consent_ended")  # somebody had a copy
    late = visit.code()
    with visit.bank.superuser() as connection:
        connection.execute("UPDATE sharing_request SET code_expires_at = code_expires_at - %s", [timedelta(seconds=61)])
    refused(program.redeem(late), "parties.openid_grant_bad")


def test_pkce_and_everything_else_that_is_pushed(visit: Visit, thief: Institution) -> None:
    program = visit.institution
    push = program.says["pushed_authorization_request_endpoint"]

    def pushed(**more: Any) -> httpx.Response:
        said = {**program.request(), **more}
        return program.post(push, **{name: value for name, value in said.items() if value is not None})

    for more, code in (
        ({"code_challenge_method": "plain"}, "openid_request_bad"), ({"code_challenge_method": None}, "openid_request_bad"),
        ({"code_challenge": None}, "openid_request_bad"), ({"code_challenge": program.verifier}, "openid_request_bad"),
        ({"response_type": "token"}, "openid_response_type"), ({"response_type": "code id_token"}, "openid_response_type"),
        ({"request": "a.b.c"}, "openid_request_object"), ({"request_uri": "urn:x"}, "openid_request_uri"),
        ({"client_id": thief.client_id}, "openid_client_wrong"), ({"state": "s" * 501}, "openid_request_bad"),
        ({"dpop_jkt": "short"}, "openid_request_bad"), ({"redirect_uri": None}, "openid_redirect_unknown"),
    ):  # fmt: skip
        refused(pushed(**more), f"parties.{code}")
    for back in (
        BACK + "/", BACK + "?x=1", BACK + "#x", BACK.upper(), BACK + "/../cb", "https://reader.example/%63b", "http://reader.example/cb",
        "https://reader.example@thief.example/cb", "https://reader.example.thief.example/cb", "https://thief.example/cb",
        BACK + "\t",
    ):  # fmt: skip
        refused(pushed(redirect_uri=back), "parties.openid_redirect_unknown")
    refused(pushed(dpop_jkt=thief.jkt), "sharing.proof_bad")  # it names one key and proves another (openid/fapi#503)
    assert program.post(push, proof=None, **program.request()).status_code == 201
    refused(program.http.post(push, json=program.request()), "parties.openid_request_bad")
    doubled = program.http.post(push, content="a=1&a=2", headers={"Content-Type": "application/x-www-form-urlencoded"})
    refused(doubled, "parties.openid_request_bad")
    secret = {**program.request(), "client_secret": "s"}
    refused(program.post(push, **secret), "parties.openid_client_wrong")


def test_what_may_be_asked_for(visit: Visit) -> None:
    program = visit.institution
    push = program.says["pushed_authorization_request_endpoint"]
    accounts = {"type": "farthing-accounts", "template": "budgeting", "actions": ["transactions"], "from": days_on(-9)}
    good = {**accounts, "until": days_on(9)}
    for bad in (
        "", "{", "[]", "null", "[1]", json.dumps(good), json.dumps([good, good]), "[" * 2_000, "x" * 4_001,
        *(json.dumps([{**good, **part}]) for part in (
            {"type": "payments"}, {"template": "anything"}, {"template": ["budgeting"]}, {"template": None}, {"actions": []},
            {"actions": "transactions"}, {"actions": ["transactions", "transactions"]}, {"actions": ["pay"]},
            {"actions": [["x"]]},
            {"actions": ["transactions", "loans"]}, {"from": days_on(1)}, {"from": days_on(-500)}, {"from": 7},
            {"from": "2026-02-30"},
            {"until": days_on(-1)}, {"until": days_on(366)}, {"until": ""}, {"until": None}, {"iban": "x"}, {"accounts": []},
            {"template": "once", "actions": ["accounts"]}, {"template": "wealth", "actions": ["transactions"]},
            {"actions": ["accounts"]},
        )),
        json.dumps([{name: good[name] for name in good if name != "from"}]),
    ):  # fmt: skip
        refused(program.post(push, **{**program.request(), "authorization_details": bad}), "sharing.details_bad")
    narrow = key_of()
    reader = Institution(visit.base, registered(visit.bank, narrow, reads=("accounts",)), narrow)
    refused(reader.post(push, **reader.request()), "sharing.not_registered")
    openid = key_of()
    no_reader = Institution(visit.base, registered(visit.bank, openid, reads=()), openid)
    refused(no_reader.post(push, **no_reader.request()), "parties.openid_client_wrong")


def test_assertions_of_others_and_weak_ones(visit: Visit, thief: Institution) -> None:
    program = visit.institution
    push, now = program.says["pushed_authorization_request_endpoint"], int(wall_clock().timestamp())
    rsa = jwk.RSAKey.generate_key(2048)
    head = jwt.encode({"alg": "HS256", "kid": "one"}, {"iss": program.client_id}, jwk.OctKey.generate_key(256))
    none = (
        head.split(".")[0].replace(head.split(".")[0], "eyJhbGciOiJub25lIn0")
        + "."
        + program.assertion().split(".")[1]
        + "."
    )
    for wrong in (
        "", "x", "a.b.c", none, head, program.assertion(header={"alg": "RS256"}, key=rsa), thief.assertion(iss=program.client_id),
        program.assertion(aud=push), program.assertion(aud=[program.says["issuer"]]),
        program.assertion(aud=program.says["token_endpoint"]),
        program.assertion(aud=visit.base), program.assertion(sub=thief.client_id), program.assertion(iss="rp_nobody"),
        program.assertion(exp=now - 60), program.assertion(exp=now + 9_000), program.assertion(exp="soon"),
        program.assertion(jti=""),
        program.assertion(nbf=now + 60), program.assertion(iat=now + 60), program.assertion(header={"kid": "other"}),
    ):  # fmt: skip
        answered = program.post(push, assertion=wrong or "-", **program.request())
        refused(answered, "parties.openid_client_wrong")
        assert answered.status_code == 401 and answered.json()["error"] == "invalid_client"
    once = program.assertion()
    assert program.post(push, assertion=once, **program.request()).status_code == 201
    refused(program.post(push, assertion=once, **program.request()), "parties.openid_client_wrong")
    assertion = program.assertion()  # what proves it to one issuer proves nothing to the other
    openid = program.http.post(f"{visit.base}/v1/openid/token", data={
        "grant_type": "authorization_code", "code": "code_1_x", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    })  # fmt: skip
    assert openid.json()["error"] == "invalid_client"


def test_a_request_is_its_institutions_and_once(visit: Visit, thief: Institution) -> None:
    program, uri = visit.institution, visit.institution.push()
    for address in (
        thief.address(uri), program.address("urn:ietf:params:oauth:request_uri:1_x"), program.address("https://thief.example/r"),
        program.address(uri[:-1]), program.address(""), f"{visit.base}/open/authorize",
        program.says["authorization_endpoint"] + "?" + "&".join(f"{a}={b}" for a, b in program.request().items() if a != "state"),
    ):  # fmt: skip
        page = visit.browser.get(address)
        assert page.status_code in (400, 404) and "location" not in page.headers and "refresh" not in page.headers, (
            page.text
        )
    swapped = visit.browser.get(
        program.address(uri, redirect_uri="https://thief.example/cb", scope="everything", request="a.b.c")
    )
    assert "Purse asks to read your accounts" in swapped.text, "what stands beside the request is not looked at"
    hop = visit.browser.get(program.address(uri), headers={"Sec-Fetch-Site": "cross-site"})
    assert hop.headers["refresh"].startswith("0; url=/open/authorize?") and "Tick what" not in hop.text
    page = visit.page(uri)
    said = program.answered(led(visit.decide(page, "wallet:CNY")))  # iss and state are looked at: no mix-up
    assert said["iss"] == f"{visit.base}/open" != f"{visit.base}/openid"
    again = visit.browser.get(program.address(uri))
    assert again.status_code == 404 and "older than nine minutes" in again.text
    late = program.push()
    with visit.bank.superuser() as connection:
        connection.execute("UPDATE sharing_request SET expires_at = expires_at - %s", [timedelta(minutes=9)])
    assert visit.page(late).status_code == 404
    forged = visit.browser.post("/open/decision", data={"asked": "x", "act": "agree"})
    assert forged.status_code == 403, "no form of ours, no consent"


def test_another_persons_account_and_another_persons_consent(visit: Visit) -> None:
    bank, program = visit.bank, visit.institution
    other = enrolled(bank, Person("王芳", resident_id(date(1990, 1, 2)), "139 1234 5678"))
    assert other.party is not None and other.session is not None
    bank.run(payments.open_wallet, OpenWallet(other.party.id))
    who = replace(
        actor_of(str(other.session.actor_id), "customer", other.party.id), proved=Proved("password", wall_clock())
    )
    tokens = visit.tokens()
    uri = program.push()
    page = visit.page(uri)
    request_id = "asked_" + uri.removeprefix("urn:ietf:params:oauth:request_uri:").partition("_")[0]

    def agreed(actor: Any, *accounts: str) -> str:
        try:
            bank.kernel.run(service.agree, AgreeToShare(request_id, accounts), actor=actor)
        except Refusal as refusal:
            return refusal.code
        return ""

    assert page.status_code == 200
    assert agreed(who, f"wallet:{visit.person.id}") == "sharing.account_not_offered"
    assert agreed(who, "wallet:CNY", "wallet:CNY") == "sharing.nothing_picked" == agreed(who)
    assert agreed(replace(who, proved=None), "wallet:CNY") in (
        "parties.openid_session_needed",
        "identity.sign_in_again",
    )
    assert agreed(replace(who, is_program=True), "wallet:CNY") == "parties.openid_session_needed"
    with pytest.raises(Refusal) as caught:
        bank.kernel.run(service.stop, StopSharing(tokens["consent_id"]), actor=who)
    assert caught.value.code == "sharing.consent_unknown"
    assert bank.kernel.ask(service.own, actor=who).consents == ()
    assert program.read("accounts", tokens["access_token"]).status_code == 200


def test_a_reader_may_no_operation_at_all(visit: Visit) -> None:
    """Whatever a reader is given to hold, nothing that changes anything asks for a permission that it has."""
    consent_id = visit.tokens()["consent_id"]
    consent = visit.bank.kernel.read(lambda tx: reading_service.store.consent(tx, consent_id))
    assert consent is not None
    every = replace(consent, details=replace(consent.details, kinds=tuple(reading_service.rules.PERMISSIONS)))
    reader = reading_service.reader_of(every)
    assert reader.permissions == {"payments:read", "savings:read", "lending:read"} and reader.is_program
    assert [each.name for each in OPERATIONS.values() if each.permission in reader.permissions] == []
    assert not reader.acts_for("party_of_another")


def test_a_hundred_readings_in_a_row_after_the_stop(visit: Visit) -> None:
    """Nothing that was read before is kept for later: the first request after the stop is refused, and each one after it."""
    program, tokens = visit.institution, visit.tokens()
    assert program.read("balances", tokens["access_token"]).status_code == 200
    actor = visit.bank.kernel.read(lambda tx: reading_service.store.consent(tx, tokens["consent_id"]))
    assert actor is not None
    who = actor_of(actor.actor_id, "customer", visit.person.id)
    visit.bank.kernel.run(service.stop, StopSharing(tokens["consent_id"]), actor=who)
    for kind in ("accounts", "balances", "transactions", "deposits") * 5:
        refused(program.read(kind, tokens["access_token"]), "sharing.consent_ended")
