"""Partners and their programs, for tests: registered by two, and asking as authlib's client does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt

from farthing.bank.founding import agreed
from farthing.parties.vouching import service
from farthing.parties.vouching.model import RegisterRelyingParty
from tests.conftest import Bank

BACK = "https://shop.example/cb"
ALL = ("name", "verification", "over_18", "phone")


def registered(bank: Bank, *addresses: str, claims: tuple[str, ...] = ALL, **more: Any) -> dict[str, Any]:
    """A partner as its second person is told of it."""
    command = RegisterRelyingParty("Corner Shop", "街角商店", addresses or (BACK,), claims, **more)
    made: dict[str, Any] = agreed(bank.kernel, service.register_relying_party, command)
    return made


@dataclass
class Program:
    """A partner's program that asks at a provider over HTTP, by authlib: discovery, code flow with PKCE, id token, userinfo."""

    base: str
    client_id: str
    secret: str
    back: str = BACK
    method: Any = "client_secret_basic"
    verifier: str = field(default_factory=lambda: generate_token(48))
    nonce: str = field(default_factory=lambda: generate_token(20))
    state: str = ""

    def __post_init__(self) -> None:
        self.says = httpx.get(f"{self.base}/.well-known/openid-configuration").json()
        self.keys = httpx.get(self.says["jwks_uri"]).json()

    def session(self, scope: str = "openid") -> OAuth2Session:
        made = OAuth2Session(
            self.client_id, self.secret, token_endpoint_auth_method=self.method, scope=scope, redirect_uri=self.back,
            code_challenge_method="S256",
        )  # fmt: skip
        return made

    def address(self, scope: str = "openid profile verification over_18 phone", **more: Any) -> str:
        """Where a person is sent."""
        url, self.state = self.session(scope).create_authorization_url(
            self.says["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return str(url)

    def answered(self, location: str) -> dict[str, str]:
        """What came back at its address, looked at as a careful client does."""
        assert location.startswith(f"{self.back}?"), location
        said = dict(parse_qsl(urlsplit(location).query))
        assert said["iss"] == self.says["issuer"] and said.get("state", "") == self.state
        return said

    def tokens(self, code: str, **more: Any) -> dict[str, Any]:
        """The tokens for a code, the id token verified."""
        given: dict[str, Any] = self.session().fetch_token(
            self.says["token_endpoint"], grant_type="authorization_code", code=code,
            code_verifier=more.pop("code_verifier", self.verifier), **more,
        )  # fmt: skip
        return given

    def identity(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The claims of an id token, as authlib finds them good."""
        token = jwt.decode(tokens["id_token"], jwk.KeySet.import_key_set(self.keys), algorithms=["ES256"])
        params = {"nonce": self.nonce, "client_id": self.client_id, "access_token": tokens["access_token"]}
        options = {
            "iss": {"essential": True, "value": self.says["issuer"]}, "aud": {"essential": True, "value": self.client_id}
        }  # fmt: skip
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=5)
        return dict(claims)

    def userinfo(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """What it is told for an access token."""
        found: dict[str, Any] = OAuth2Session(self.client_id, token=tokens).get(self.says["userinfo_endpoint"]).json()
        return found


def field_of(text: str, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1].replace("&amp;", "&").replace("&#39;", "'")


def decide(browser: httpx.Client, page: httpx.Response, *claims: str, act: str = "agree") -> httpx.Response:
    """Tick claims on the page that asks, and press a button."""
    assert page.status_code == 200, page.text
    form = {name: field_of(page.text, name) for name in ("form_token", "key", "asked")}
    ticked = {f"claim-{each}": "1" for each in claims}
    return browser.post(
        "/openid/decision", data={**form, **ticked, "act": act}, headers={"Origin": str(browser.base_url)}
    )


def led(answered: httpx.Response) -> str:
    """Where a page of ours leads that answers a form: not a redirect, which a browser would judge by the policy of the form."""
    assert answered.status_code == 200 and answered.headers["referrer-policy"] == "no-referrer", answered.text
    return answered.headers["refresh"].removeprefix("0; url=")
