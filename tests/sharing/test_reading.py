"""An institution asks, a person agrees on the pages, it reads what she agreed to and no more, and she stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import KeySet

from farthing.events.model import Sent
from farthing.kernel import errands
from farthing.parties.vouching import service as partners
from farthing.parties.vouching.model import EndRelyingParty
from tests.banks import Shelf
from tests.conftest import DAY
from tests.parties.vouching.partners import led
from tests.sharing.institutions import BUDGET, Visit, days_on, visiting


class Receiver:
    """What an institution that listens is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, dict[str, str]]] = []
        self.takes = True

    def send(self, url: str, body: bytes, headers: dict[str, str]) -> Sent:
        self.told.append((url, body.decode(), dict(headers)))
        return Sent(self.takes, "" if self.takes else "busy")


@pytest.fixture(scope="module")
def visit(shelf: Shelf) -> Iterator[Visit]:
    """One bank, person and institution for all that is read here; each test brings its own consent."""
    with shelf.bank(DAY) as bank, visiting(bank, notices_to="https://reader.example/notices") as found:
        yield found


def test_it_reads_what_she_agreed_to_and_she_sees_each_time(visit: Visit) -> None:
    program, page = visit.institution, visit.page(visit.institution.push())
    for shown in ("Purse asks to read your accounts", "reader.example", "To show and sort your spending", "11 May 2026",
    "27 Dec 2026",
                  "Wallet in CNY", "Payments of your wallets", "no money can be moved"):  # fmt: skip
        assert shown in page.text, shown
    tokens = program.redeem(program.answered(led(visit.decide(page, "wallet:CNY")))["code"]).json()
    assert tokens["token_type"] == "DPoP" and tokens["expires_in"] == 300
    (granted,) = tokens["authorization_details"]
    assert granted == {**BUDGET, "accounts": granted["accounts"]}
    access = tokens["access_token"]
    (account,) = granted["accounts"]
    listed = program.read("accounts", access).json()
    assert (
        listed["accounts"] == [{"account": account, "currency": "CNY", "kind": "wallet"}] and listed["left_out"] == []
    )
    assert program.read("balances", access).json()["balances"][0]["balance"] == {"minor": 12_500, "currency": "CNY"}
    first = program.read("transactions", access, limit="1").json()
    second = program.read("transactions", access, limit="1", cursor=first["next_cursor"]).json()
    assert [each["transactions"][0]["amount"]["minor"] for each in (first, second)] == [2_500, 10_000]
    assert first["transactions"][0]["id"] != second["transactions"][0]["id"]
    late = {"from": days_on(-3), "to": days_on(-1)}
    assert program.read("transactions", access, account=account, **late).json()["transactions"] == []
    told = visit.browser.get("/me/shared").text
    assert told.count("Payments of your wallets ·") == 3 and "Rows: 1" in told and "Running" in told
    receipt = visit.browser.get(f"/me/shared/{tokens['consent_id']}/receipt.json").json()
    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023" and receipt["purposes"][0]["accounts"] == [account]
    assert receipt["state"] == "running" and receipt["notice"] == {"version": "2026-12", "language": "en"}
    assert visit.person.id not in json.dumps(receipt)
    again = program.refresh(tokens["refresh_token"]).json()
    assert "refresh_token" not in again and again["access_token"] != access, "a refresh token stays"
    assert program.read("accounts", again["access_token"]).status_code == 200


def test_another_institution_knows_an_account_by_another_name(visit: Visit) -> None:
    mine = visit.tokens()["authorization_details"][0]["accounts"]
    assert mine == visit.tokens()["authorization_details"][0]["accounts"], "for one institution it stays the same"
    assert visit.person.id.partition("_")[2] not in mine[0]


def test_stopped_it_reads_nothing_more_and_is_told(visit: Visit) -> None:
    bank, program, receiver = visit.bank, visit.institution, Receiver()
    bank.kernel.ports = bank.kernel.ports.with_peer("webhook", bank.kernel.ports.first("webhook"), receiver)
    tokens = visit.tokens()
    access, refresh, consent_id = tokens["access_token"], tokens["refresh_token"], tokens["consent_id"]
    introspect = program.says["introspection_endpoint"]
    told = program.post(introspect, proof=None, token=access).json()
    assert told["active"] and told["cnf"] == {"jkt": program.jkt} and told["consent_state"] == "running"
    assert program.post(introspect, proof=None, token=refresh).json()["token_type"] == "refresh_token"
    stop = visit.browser.get("/me/shared").text
    form = {"form_token": _after(stop, consent_id, "form_token"), "key": "k" * 20, "consent_id": consent_id}
    assert visit.browser.post("/me/shared", data=form, headers={"Origin": visit.base}).status_code == 303
    refused = program.read("balances", access)
    assert refused.status_code == 401 and refused.json()["code"] == "sharing.consent_ended", refused.text
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert program.refresh(refresh).json()["error"] == "invalid_grant"
    asked = program.post(introspect, proof=None, token=refresh).json()
    assert not asked["active"] and asked["consent_ended_why"] == "person" and asked["consent_id"] == consent_id
    receiver.takes = False
    errands.sweep(bank.kernel, everything=True)
    receiver.takes = True
    errands.sweep(bank.kernel, everything=True)
    assert errands.sweep(bank.kernel, everything=True) == 0
    (url, body, headers), *_ = receiver.told
    assert (
        len(receiver.told) == 2
        and url == "https://reader.example/notices"
        and headers["Content-Type"] == "application/secevent+jwt"
    )
    keys = program.http.get(program.says["jwks_uri"]).json()
    event = jwt.decode(body, KeySet.import_key_set(keys), algorithms=["ES256"])
    assert event.header["typ"] == "secevent+jwt" and event.claims["aud"] == program.client_id
    assert event.claims["iss"] == program.says["issuer"]
    assert event.claims["events"]["urn:farthing:event:consent-ended"]["consent_id"] == consent_id
    assert "Stopped by you" in visit.browser.get("/me/shared").text


def _after(text: str, mark: str, name: str) -> str:
    """A hidden field of the form that stands before a mark on a page."""
    before = text[: text.index(f'value="{mark}"')]
    return before.rpartition(f'name="{name}" value="')[2].partition('"')[0]


def test_given_back_a_refresh_token_ends_the_consent(visit: Visit) -> None:
    program = visit.institution
    one, other = visit.tokens(), visit.tokens()
    revoke = program.says["revocation_endpoint"]
    assert program.post(revoke, proof=None, token=one["access_token"]).status_code == 200
    assert program.read("accounts", one["access_token"]).json()["code"] == "sharing.token_bad"
    assert program.refresh(one["refresh_token"]).status_code == 200, "the consent itself runs on"
    assert program.post(revoke, proof=None, token=other["refresh_token"]).status_code == 200
    assert program.read("accounts", other["access_token"]).json()["code"] == "sharing.consent_ended"
    assert program.post(revoke, proof=None, token="token_of_nobody").status_code == 200  # RFC 7009 section 2.2


def test_how_often_and_how_far(visit: Visit) -> None:
    program = visit.institution
    once = {"template": "once", "actions": ["accounts", "balances"], "until": days_on(1), "from": None}
    details = {**BUDGET, **once}
    del details["from"]
    pushed = program.post(
        program.says["pushed_authorization_request_endpoint"],
        **{**program.request(), "authorization_details": json.dumps([details])},
    ).json()["request_uri"]  # fmt: skip
    code = program.answered(led(visit.decide(visit.page(pushed), "wallet:CNY")))["code"]
    access = program.redeem(code).json()["access_token"]
    assert program.read("balances", access).status_code == 200
    often = program.read("balances", access)
    assert (often.status_code, often.json()["code"]) == (429, "sharing.too_often") and often.headers["retry-after"]
    assert program.read("balances", access, cursor="1").json()["code"] == "sharing.range_bad"
    full = visit.tokens()["access_token"]
    for query, code in (
        ({"from": days_on(-31)}, "sharing.range_beyond"), ({"from": days_on(0), "to": days_on(-1)}, "sharing.range_bad"),
        ({"from": "yesterday"}, "request.malformed"), ({"account": "account_of_another"}, "sharing.account_unknown"),
        ({"limit": "1000"}, "request.malformed"), ({"since": "x"}, "parties.openid_request_bad"),
    ):  # fmt: skip
        refused = program.read("transactions", full, **query)
        assert refused.status_code in (400, 403, 404) and refused.json()["code"] == code, (query, refused.text)
    assert program.read("accounts", full, **{"from": days_on(0)}).json()["code"] == "sharing.range_bad"
    assert program.read("loans", full).json()["code"] == "sharing.kind_not_agreed"


def test_refused_she_is_sent_back_and_nothing_is_shared(visit: Visit) -> None:
    program = visit.institution
    uri = program.push()
    said = program.answered(led(visit.decide(visit.page(uri), act="refuse")))
    assert said["error"] == "access_denied" and "code" not in said
    assert visit.page(uri).status_code == 404, "its request is used up"


def test_authlibs_client_asks_where_it_can(visit: Visit) -> None:
    program = visit.institution
    session = OAuth2Session(program.client_id, program.key, redirect_uri=program.back, code_challenge_method="S256")
    url, _ = session.create_authorization_url(program.says["authorization_endpoint"], code_verifier=program.verifier)
    asked = dict(parse_qsl(urlsplit(url).query))
    program.state = asked["state"]
    signer = PrivateKeyJWT(program.says["issuer"], headers={"kid": "one"})
    signer.alg = "ES256"
    form = {**program.request(), **asked, "client_assertion": signer.sign(session, program.says["issuer"])}
    answered = program.http.post(
        program.says["pushed_authorization_request_endpoint"],
        data={**form, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
    )
    assert answered.status_code == 201, answered.text
    code = program.answered(led(visit.decide(visit.page(answered.json()["request_uri"]), "wallet:CNY")))["code"]
    assert program.redeem(code, assertion=signer.sign(session, program.says["issuer"])).status_code == 200


@pytest.mark.long
def test_expired_suspended_erased(shelf: Shelf) -> None:
    with shelf.bank(DAY) as bank, visiting(bank) as visit:
        program = visit.institution
        short = visit.tokens({"until": days_on(1)})
        with bank.superuser() as connection:
            connection.execute("UPDATE bank_clock SET business_date = business_date + 2")
        refused = program.read("accounts", short["access_token"])
        assert (refused.status_code, refused.json()["code"]) == (403, "sharing.consent_expired"), refused.text
        assert program.refresh(short["refresh_token"]).json()["error"] == "invalid_grant"
        assert "Expired" in visit.browser.get("/me/shared").text
        tokens: Any = visit.tokens({"until": days_on(9), "from": days_on(-1)})
        bank.kernel.run(partners.end_relying_party, EndRelyingParty(program.client_id))
        assert program.read("accounts", tokens["access_token"]).json()["code"] == "sharing.token_bad"
        assert program.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
