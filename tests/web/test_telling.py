"""A partner asks who somebody is, over HTTP and by authlib: what is told, what is not, and what an attacker gets: nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import KeySet, RSAKey

from farthing.identity import service as identity
from farthing.identity.model import DisableLogin
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.parties.vouching import service
from farthing.parties.vouching.model import EndRelyingParty
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import Person, enrolled
from tests.parties.vouching.partners import BACK, Program, decide, led, registered

TOKEN = "/v1/openid/token"


@dataclass
class Visit:
    """Somebody who is signed in in a browser, and a partner's program that asks about her."""

    bank: Bank
    browser: httpx.Client
    program: Program
    actor_id: str

    def page(self, **more: Any) -> httpx.Response:
        return self.browser.get(self.program.address(**more))

    def code(self, *claims: str, **more: Any) -> str:
        """The code that she agrees to."""
        return self.program.answered(led(decide(self.browser, self.page(**more), *claims)))["code"]

    def silently(self, **more: Any) -> dict[str, str]:
        return self.program.answered(self.page(prompt="none", **more).headers["location"])

    def refused(self, code: str, program: Program | None = None, **more: Any) -> str:
        with pytest.raises(OAuthError) as caught:
            (program or self.program).tokens(code, **more)
        return str(caught.value.error)

    def told(self) -> Any:
        who = self.bank.kernel.read(lambda tx: identity.session(tx, self.browser.cookies["farthing_session"])).actor
        return self.bank.kernel.ask(service.own_tellings, actor=who)


@pytest.fixture
def visit(bank: Bank) -> Iterator[Visit]:
    with serving(bank) as address:
        base = address.replace("127.0.0.1", "localhost")
        done = enrolled(bank, Person())
        assert done.session is not None and done.party is not None
        bank.run(parties.verify_identity, VerifyIdentity(done.party.id))
        made = registered(bank)
        with httpx.Client(base_url=base, headers={"Accept-Language": "en"}) as browser:
            browser.get("/help")
            browser.cookies.set("farthing_session", str(done.session.token), domain="localhost.local")
            yield Visit(bank, browser, Program(base, made["id"], made["secret"]), str(done.session.actor_id))


def test_a_partner_is_told_exactly_what_was_ticked_and_the_person_sees_it(visit: Visit) -> None:
    program, page = visit.program, visit.page()
    assert "Corner Shop asks who you are" in page.text and "林美" in page.text and " checked" not in page.text
    assert "form-action 'self';" in page.headers["content-security-policy"]
    code = program.answered(led(decide(visit.browser, page, "name", "over_18")))["code"]
    tokens = program.tokens(code)
    claims, said = program.identity(tokens), program.userinfo(tokens)
    assert "refresh_token" not in tokens and tokens["expires_in"] == 300
    assert said == {"sub": claims["sub"], "name": "林美", "over_18": True}
    assert claims["amr"] == ["sms"] and claims["auth_time"] <= claims["iat"] and set(claims) == {
        "iss", "sub", "aud", "iat", "exp", "auth_time", "at_hash", "nonce", "acr", "amr"
    }  # fmt: skip
    told = visit.told()
    assert [each.claims for each in told.told] == [("name", "over_18"), ()] and told.consents[0].claims == (
        "name",
        "over_18",
    )

    list_page = visit.browser.get("/me/told").text
    assert "Corner Shop" in list_page and "Whether you are 18 or older" in list_page
    assert visit.silently(scope="openid profile")["code"], (
        "what was agreed to before is not asked again where nobody may be"
    )
    assert visit.silently(scope="openid profile phone")["error"] == "consent_required", "and nothing beyond it"

    form = {"form_token": _token(list_page), "consent_id": told.consents[0].id}
    assert visit.browser.post("/me/told", data=form).status_code == 303
    assert program.userinfo(tokens)["error"] == "invalid_token", "taken back, a token that is out tells nothing"
    assert visit.silently(scope="openid profile")["error"] == "consent_required"

    again = program.tokens(visit.code("verification", "phone"))
    assert program.identity(again)["sub"] == claims["sub"], "the same person by the same name"
    said = program.userinfo(again)
    assert said["phone_number"] == "+8613812345678" and said["phone_number_verified"] is True
    assert said["verification"]["level"] == 2 and said["verification"]["checked_at"]


def _token(text: str) -> str:
    return text.partition('name="form_token" value="')[2].partition('"')[0]


@pytest.mark.long
def test_another_partner_knows_the_person_by_another_name_and_proves_itself_by_a_key(visit: Visit) -> None:
    first = visit.program.identity(visit.program.tokens(visit.code()))
    key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
    public = KeySet([key]).as_dict(private=False)
    made = registered(visit.bank, "https://other.example/cb", authentication="private_key_jwt", keys=json.dumps(public))
    assert made["secret"] is None
    base = visit.program.base
    method = PrivateKeyJWT(base + TOKEN, alg="RS256", headers={"kid": "k1"})
    other = Program(base, made["id"], key.as_pem(private=True).decode(), "https://other.example/cb", method)
    their = replace(visit, program=other)
    claims = other.identity(other.tokens(their.code()))
    assert claims["sub"] != first["sub"] and claims["aud"] == made["id"]
    kept = method.sign(other.session(), base + TOKEN)
    method.sign = lambda *_: kept
    other.tokens(their.code())
    assert their.refused(their.code()) == "invalid_client", "an assertion proves its client once"
    stolen = replace(other, secret="anything", method="client_secret_basic")
    assert their.refused(their.code(), stolen) == "invalid_client", "a secret does not do in the place of a key"


def test_a_code_is_good_once_for_a_minute_for_its_partner_and_for_whoever_asked(visit: Visit) -> None:
    program = visit.program
    code = visit.code("name")
    other = registered(visit.bank, "https://other.example/cb")
    thief = replace(program, client_id=other["id"], secret=other["secret"])
    assert visit.refused(code, thief) == "invalid_grant", "another partner's code"
    assert visit.refused(code, replace(program, secret="guessed")) == "invalid_client"
    assert visit.refused(code, code_verifier="w" * 43) == "invalid_grant", "not by who asked"
    assert visit.refused(code, replace(program, back="https://shop.example/cb/")) == "invalid_grant", "another address"
    tokens = program.tokens(code)
    assert program.userinfo(tokens)["name"] == "林美"
    assert visit.refused(code) == "invalid_grant", "it was used"
    assert program.userinfo(tokens)["error"] == "invalid_token", "and since somebody has a copy, its token ends too"

    late = visit.code()
    with visit.bank.superuser() as connection:
        connection.execute("UPDATE telling_grant SET expires_at = expires_at - %s", [timedelta(seconds=61)])
    assert visit.refused(late) == "invalid_grant"

    bare = {"grant_type": "authorization_code", "code": visit.code(), "redirect_uri": BACK}
    auth = (program.client_id, program.secret)
    base = visit.browser.base_url
    assert httpx.post(f"{base}{TOKEN}", data=bare, auth=auth).json()["error"] == "invalid_grant", "no verifier"
    in_body = {**bare, "code_verifier": program.verifier, "client_id": auth[0], "client_secret": auth[1]}
    answered = httpx.post(f"{base}{TOKEN}", data=in_body)
    assert answered.status_code == 401 and answered.json()["error"] == "invalid_client"
    assert answered.headers["www-authenticate"].startswith("Basic")
    other_grant = httpx.post(f"{base}{TOKEN}", data={**bare, "grant_type": "password"}, auth=auth).json()
    assert other_grant["error"] == "unsupported_grant_type" and other_grant["code"] == "parties.openid_grant_type"
    assert httpx.post(f"{base}{TOKEN}", json=bare, auth=auth).json()["error"] == "invalid_request"
    twice = httpx.post(
        f"{base}{TOKEN}", content="code=a&code=b", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert twice.json()["error"] == "invalid_request"


@pytest.mark.long
def test_nobody_is_sent_to_an_address_that_is_not_registered_letter_by_letter(visit: Visit) -> None:
    for odd in (
        "https://shop.example/cb/", "https://shop.example/CB", "https://shop.example/cb#x", "https://shop.example/cb?x=1",
        "https://shop.example/%63b", "https://shop.example.evil/cb", "https://shop.example@evil/cb", "http://shop.example/cb",
        "https://shop.example:443/cb", "https://shop.example/cb/../x", "//shop.example/cb", "",
    ):  # fmt: skip
        visit.program.back = odd
        answered = visit.page()
        assert answered.status_code == 403 and "location" not in answered.headers, odd
        assert "is not one that Corner Shop has registered" in answered.text
    answered = visit.browser.get(f"/openid/authorize?client_id=rp_nobody&redirect_uri={quote(BACK)}")
    assert answered.status_code == 404 and "location" not in answered.headers


OUT_OF_ORDER: list[tuple[dict[str, Any], str]] = [
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"scope": "profile"}, "invalid_scope"),
    ({"request": "ey.e.y"}, "request_not_supported"),
    ({"request_uri": "https://shop.example/r"}, "request_uri_not_supported"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"state": "s" * 501}, "invalid_request"),
    ({"nonce": ["one", "two"]}, "invalid_request"),
]


@pytest.mark.long
def test_a_request_that_is_not_in_order_is_told_at_the_partner_s_own_address(visit: Visit) -> None:
    program = visit.program
    good = {
        "response_type": "code", "client_id": program.client_id, "redirect_uri": BACK, "scope": "openid", "state": "s",
        "code_challenge": "c" * 43, "code_challenge_method": "S256",
    }  # fmt: skip
    for more, error in OUT_OF_ORDER:
        query = urlencode({name: value for name, value in {**good, **more}.items() if value is not None}, doseq=True)
        answered = visit.browser.get(f"/openid/authorize?{query}")
        program.state = "" if "state" in more else "s"
        assert answered.status_code == 303 and program.answered(answered.headers["location"])["error"] == error, more


def test_nothing_is_told_of_whoever_does_not_agree_is_not_there_or_is_let_in_no_more(visit: Visit) -> None:
    program, bank = visit.program, visit.bank
    said = program.answered(led(decide(visit.browser, visit.page(), "name", act="refuse")))
    assert said["error"] == "access_denied" and "code" not in said
    assert visit.silently()["error"] == "consent_required"

    stranger = replace(visit, browser=httpx.Client(base_url=visit.browser.base_url, headers={"Accept-Language": "en"}))
    assert stranger.silently()["error"] == "login_required"
    front = stranger.page()
    assert front.status_code == 303 and front.headers["location"].startswith("/?next=%2Fopenid%2Fauthorize")
    hop = stranger.browser.get(program.address(), headers={"Sec-Fetch-Site": "cross-site"})
    assert hop.status_code == 200 and hop.headers["refresh"].startswith("0; url=/openid/authorize?")

    forged = {"asked": program.address().partition("?")[2], "act": "agree", "claim-name": "1"}
    assert visit.browser.post("/openid/decision", data=forged).status_code == 403, "no form of ours, no consent"
    beyond = led(decide(visit.browser, visit.page(scope="openid"), "name", "phone"))
    tokens = program.tokens(program.answered(beyond)["code"])
    assert set(program.userinfo(tokens)) == {"sub"}, "what was not asked for is not told, whatever a form says"

    code = visit.code("name")
    tokens, waiting = program.tokens(code), visit.code("name")
    bank.run(identity.disable_login, DisableLogin(visit.actor_id))
    assert visit.refused(waiting) == "invalid_grant"
    assert program.userinfo(tokens)["error"] == "invalid_token"
    bank.run(service.end_relying_party, EndRelyingParty(program.client_id))
    assert visit.page().status_code == 404 and visit.refused(waiting) == "invalid_client"


@pytest.mark.long
def test_a_partner_may_want_that_one_signed_in_just_now(visit: Visit) -> None:
    with visit.bank.superuser() as connection:
        connection.execute("UPDATE session SET created_at = created_at - %s", [timedelta(minutes=10)])
    assert "asks who you are" in visit.page(max_age=3600).text
    assert visit.silently(max_age=60)["error"] == "login_required"
    anew = visit.page(prompt="login")
    assert "Sign in once more" in anew.text
    form = {"form_token": _token(anew.text), "asked": visit.program.address(prompt="login").partition("?")[2]}
    answered = visit.browser.post("/openid/anew", data=form)
    assert answered.status_code == 303 and answered.headers["location"].startswith("/?next=%2Fopenid%2Fauthorize")
    assert visit.browser.get("/me/told").status_code == 303, "signed out"
