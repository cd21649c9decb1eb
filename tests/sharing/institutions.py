"""Institutions and their programs, for tests: registered by two, and asking over HTTP with joserfc and httpx as a careful client
does, every part of a request within reach of an attacker."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwk, jwt

from farthing.bank.founding import agreed
from farthing.kernel.clock import wall_clock
from farthing.kit import base64url
from farthing.kit.money import Money
from farthing.parties.model import Party
from farthing.parties.vouching import service
from farthing.parties.vouching.model import READS, RegisterRelyingParty
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import DAY, Bank
from tests.doors import serving
from tests.identity.people import Person, enrolled
from tests.parties.vouching.partners import field_of, led

CARD = "6222020200112233445"
BACK = "https://reader.example/cb"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BUDGET = {
    "type": "farthing-accounts", "template": "budgeting", "actions": ["accounts", "balances", "transactions"],
    "from": (DAY - timedelta(days=30)).isoformat(), "until": (DAY + timedelta(days=200)).isoformat(),
}  # fmt: skip


def key_of(kind: str = "ES256") -> Any:
    """A fresh key for an algorithm."""
    if kind == "ES256":
        return jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
    if kind == "EdDSA":
        return jwk.OKPKey.generate_key("Ed25519", {"kid": "one", "use": "sig"})
    return jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


def registered(bank: Bank, *keys: Any, back: str = BACK, reads: tuple[str, ...] = READS, **more: Any) -> str:
    """An institution that two of the staff let ask; its id."""
    public = json.dumps({"keys": [each.as_dict(private=False) for each in keys]})
    command = RegisterRelyingParty("Purse", "钱袋", (back,), (), "private_key_jwt", public, reads, **more)
    made: dict[str, Any] = agreed(bank.kernel, service.register_relying_party, command)
    return str(made["id"])


@dataclass
class Institution:
    """An institution's program: one key that proves it, one to which its tokens are bound."""

    base: str
    client_id: str
    key: Any
    back: str = BACK
    algorithm: str = "ES256"
    bound: Any = field(default_factory=lambda: jwk.ECKey.generate_key("P-256"))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    nonce: str = ""

    def __post_init__(self) -> None:
        self.says = httpx.get(f"{self.base}/.well-known/oauth-authorization-server/open").json()
        self.http = httpx.Client()

    def assertion(self, *, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        """What proves the program: for the issuer alone."""
        now = int(wall_clock().timestamp())
        said = {
            "iss": self.client_id, "sub": self.client_id, "aud": self.says["issuer"], "iat": now, "exp": now + 60,
            "jti": secrets.token_urlsafe(12), **claims,
        }  # fmt: skip
        head = {"alg": self.algorithm, "kid": "one", **(header or {})}
        return jwt.encode(head, said, key or self.key, algorithms=[head["alg"]])

    def proof(
        self,
        method: str,
        url: str,
        token: str = "",
        *,
        key: Any = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A DPoP proof for a request."""
        bound = key or self.bound
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": bound.as_dict(private=False), **(header or {})}
        said = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(wall_clock().timestamp()),
            "nonce": self.nonce,
        }
        if token:
            said["ath"] = base64url.encode(hashlib.sha256(token.encode()).digest())
        return jwt.encode(head, {**said, **claims}, bound, algorithms=[head["alg"]])

    @property
    def jkt(self) -> str:
        return str(self.bound.thumbprint())

    def post(self, url: str, *, proof: str | None = "", assertion: str | None = None, **said: str) -> httpx.Response:
        """A form with an assertion, and a proof unless that is None; once more where only the nonce was missing."""
        for again in (False, True):
            form = {"client_assertion_type": ASSERTION, "client_assertion": assertion or self.assertion(), **said}
            headers = {} if proof is None else {"DPoP": proof or self.proof("POST", url)}
            answered = self.http.post(url, data=form, headers=headers)
            self.nonce = answered.headers.get("dpop-nonce", self.nonce)
            if again or proof or "use_dpop_nonce" not in answered.text:
                break
        return answered

    def request(self, details: Any = None, **more: str) -> dict[str, str]:
        """The parameters that are pushed."""
        challenge = base64url.encode(hashlib.sha256(self.verifier.encode()).digest())
        asked = [{**BUDGET, **(details or {})}]
        return {
            "client_id": self.client_id, "response_type": "code", "redirect_uri": self.back, "state": self.state,
            "code_challenge": challenge, "code_challenge_method": "S256", "dpop_jkt": self.jkt,
            "authorization_details": json.dumps(asked), **more,
        }  # fmt: skip

    def push(self, details: Any = None, **more: str) -> str:
        """The address under which a request was pushed."""
        answered = self.post(self.says["pushed_authorization_request_endpoint"], **self.request(details, **more))
        assert answered.status_code == 201 and 0 < answered.json()["expires_in"] < 600, answered.text
        return str(answered.json()["request_uri"])

    def address(self, request_uri: str, **more: str) -> str:
        """Where a person is sent."""
        query = {"client_id": self.client_id, "request_uri": request_uri, **more}
        return f"{self.says['authorization_endpoint']}?{urlencode(query)}"

    def answered(self, location: str) -> dict[str, str]:
        """What came back, looked at as a careful client does."""
        assert location.startswith(f"{self.back}?"), location
        said = dict(parse_qsl(urlsplit(location).query))
        assert said["iss"] == self.says["issuer"] and said["state"] == self.state
        return said

    def redeem(self, code: str, **more: Any) -> httpx.Response:
        """Bring a code."""
        said = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": self.verifier,
        }
        return self.post(self.says["token_endpoint"], **{**said, **more})

    def refresh(self, token: str, **more: Any) -> httpx.Response:
        """Bring a refresh token."""
        return self.post(self.says["token_endpoint"], grant_type="refresh_token", refresh_token=token, **more)

    def read(self, kind: str, token: str, *, proof: str = "", scheme: str = "DPoP", **query: str) -> httpx.Response:
        """Read what was agreed to."""
        url = f"{self.base}/v1/open/{kind}"
        for again in (False, True):
            headers = {"Authorization": f"{scheme} {token}", "DPoP": proof or self.proof("GET", url, token)}
            answered = self.http.get(url, params=query, headers=headers)
            self.nonce = answered.headers.get("dpop-nonce", self.nonce)
            if again or proof or "use_dpop_nonce" not in answered.text:
                break
        return answered


@dataclass
class Visit:
    """Somebody who is signed in in a browser, and an institution that asks her."""

    bank: Bank
    base: str
    browser: httpx.Client
    person: Party
    institution: Institution

    def page(self, request_uri: str) -> httpx.Response:
        return self.browser.get(self.institution.address(request_uri))

    def decide(self, page: httpx.Response, *accounts: str, act: str = "agree") -> httpx.Response:
        """Tick accounts, press a button, and confirm what is shown then."""
        assert page.status_code == 200, page.text
        origin = {"Origin": self.base}
        form = {name: field_of(page.text, name) for name in ("form_token", "key", "asked")}
        ticked = {f"account-{each}": "1" for each in accounts}
        shown = self.browser.post("/open/decision", data={**form, **ticked, "act": act}, headers=origin)
        if act != "agree" or shown.status_code != 200:
            return shown
        again = {name: field_of(shown.text, name) for name in ("form_token", "key", "asked", "seen", "confirmed")}
        return self.browser.post("/open/decision", data={**again, **ticked, "act": act}, headers=origin)

    def code(self, details: Any = None, *accounts: str, **more: str) -> str:
        """The code that she agrees to."""
        page = self.page(self.institution.push(details, **more))
        return self.institution.answered(led(self.decide(page, *(accounts or ("wallet:CNY",)))))["code"]

    def tokens(self, details: Any = None, *accounts: str) -> dict[str, Any]:
        """The tokens for what she agrees to."""
        answered = self.institution.redeem(self.code(details, *accounts))
        assert answered.status_code == 200, answered.text
        return dict(answered.json())


@contextlib.contextmanager
def visiting(bank: Bank, **more: Any) -> Iterator[Visit]:
    """A bank that is served, an institution, and somebody who is signed in."""
    with serving(bank) as address:
        base = address.replace("127.0.0.1", "localhost")
        done = enrolled(bank, Person())
        assert done.session is not None and done.party is not None
        bank.run(payments.open_wallet, OpenWallet(done.party.id))
        for minor in (10_000, 2_500):
            bank.run(payments.top_up, MoveByRail(done.party.id, Money(minor, "CNY"), CARD))
        key = key_of()
        with httpx.Client(base_url=base, headers={"Accept-Language": "en"}) as browser:
            browser.get("/help")
            browser.cookies.set("farthing_session", str(done.session.token), domain="localhost.local")
            yield Visit(bank, base, browser, done.party, Institution(base, registered(bank, key, **more), key))


def days_on(count: int) -> str:
    """A day so many days after the bank's."""
    return (DAY + timedelta(days=count)).isoformat()


def day(text: str) -> date:
    """A day as it is written."""
    return date.fromisoformat(text)
