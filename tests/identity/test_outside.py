"""Logins at another institution: linked by whoever is signed in, by issuer and subject alone; and every answer that proves
nothing. The institution is an HTTP server of its own, which answers whatever a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import APIRouter, Request
from joserfc import jwk, jwt

from farthing.bank.founding import agreed
from farthing.identity import entrance as doors
from farthing.identity import service as identity
from farthing.identity.authenticators import service as authenticators
from farthing.identity.authenticators.model import AskPasskey, LosePasskeys
from farthing.identity.jose import challenge_of
from farthing.identity.model import DisableLogin, LogIn, Place
from farthing.identity.outside import entrance, service
from farthing.identity.outside.client import HttpProvider
from farthing.identity.outside.model import Answer, LinkOutside, OutsideLogin, Provider, UnlinkOutside, Waits
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery.model import StopRecovery
from farthing.kernel.clock import wall_clock
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.devices import SITE, registered
from tests.identity.people import PASSWORD, Person, enrolled, waited
from tests.parties.people import register_person, resident_id
from tests.payments.customers import CARD
from tests.payments.packets.people import yuan


@dataclass
class Institution:
    """An OpenID provider that says what a test wants it to say. ``claims`` and ``header`` replace what an honest one writes."""

    issuer: str = ""
    key: Any = field(default_factory=lambda: jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign_by: Any = None
    token: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    published: list[Any] | None = None
    fetched: int = 0
    seconds: float = 0
    sent: dict[str, str] = field(default_factory=dict)

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/grand", include_in_schema=False)

        @router.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, Any]:
            at = {name: f"{self.issuer.removesuffix('/')}/{path}" for name, path in
                  (("authorization_endpoint", "ask"), ("token_endpoint", "token"), ("jwks_uri", "keys"))}  # fmt: skip
            return {
                "issuer": self.issuer,
                **at,
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }

        @router.get("/keys")
        def keys() -> dict[str, Any]:
            self.fetched += 1
            return {"keys": self.published or [self.key.as_dict(private=False)]}

        @router.post("/token")
        async def token(request: Request) -> dict[str, Any]:
            said = dict(parse_qsl((await request.body()).decode()))
            assert challenge_of(said["code_verifier"]) == self.sent["code_challenge"], "PKCE fits"
            return {"access_token": "x", "token_type": "Bearer", "id_token": self.token or self.made()}

        return router

    def made(self) -> str:
        now = int(wall_clock().timestamp())
        said = {
            "iss": self.issuer, "sub": "sub-1", "aud": "us", "iat": now, "exp": now + 300, "nonce": self.sent["nonce"],
            "auth_time": now - 5, "acr": "high", "amr": ["pwd", "otp", "mfa"], **self.claims,
        }  # fmt: skip
        header = {"alg": "ES256", "kid": "one", **self.header}
        return jwt.encode(
            header, {name: value for name, value in said.items() if value is not None}, self.sign_by or self.key,
            algorithms=[header["alg"]],
        )  # fmt: skip


@dataclass
class Visit:
    """A customer who may sign in at the institution too."""

    bank: Bank
    grand: Institution
    actor: Actor

    def sent(self, begun: entrance.Begun) -> Answer:
        """She signs in there; what she comes back with."""
        self.grand.sent = dict(parse_qsl(urlsplit(begun.address).query))
        assert (
            begun.address.startswith(f"{self.grand.issuer.removesuffix('/')}/ask?")
            and self.grand.sent["scope"] == "openid"
        )
        return Answer(self.grand.sent["state"], "code", self.grand.issuer, "", begun.flow)

    def begun(self) -> Answer:
        return self.sent(entrance.begin(self.bank.kernel, SITE, "grand", Place("203.0.113.9")))

    def came(self, answer: Answer | None = None) -> Any:
        return entrance.answered(self.bank.kernel, SITE, "grand", answer or self.begun(), Place("203.0.113.9", "phone"))

    def link(self, actor: Actor | None = None) -> OutsideLogin:
        answer = self.sent(entrance.begin_link(self.bank.kernel, SITE, "grand", actor or self.actor))
        assert self.grand.sent["prompt"] == "login"
        waits = self.came(answer)
        assert isinstance(waits, Waits) and waits.outcome == "ok"
        linked: OutsideLogin = self.bank.run(
            service.link_outside, LinkOutside(waits.flow_id), actor=actor or self.actor
        )
        return linked

    def signed_in(self) -> Actor:
        return doors.who_is(self.bank.kernel, str(self.came().token)).actor

    def told(self) -> list[str]:
        self.bank.drain()
        return [each.text for each in self.bank.kernel.ports.peer("gateway").sent_to("+8613812345678")]


@pytest.fixture
def visit(bank: Bank) -> Iterator[Visit]:
    grand = Institution()
    with serving(bank, grand.router()) as base:
        grand.issuer = f"{base.replace('127.0.0.1', 'localhost')}/grand"
        provider = Provider("grand", grand.issuer, "us", Words("Grand Bank", "大通银行"), "secret")
        bank.kernel.ports = bank.kernel.ports.with_peer(
            "openid", "grand", HttpProvider(provider, clock=lambda: grand.seconds)
        )
        done = enrolled(bank, Person())
        assert done.session is not None and done.party is not None
        yield Visit(bank, grand, doors.who_is(bank.kernel, str(done.session.token)).actor)


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_a_linked_login_signs_in_says_how_and_counts_for_no_more(visit: Visit) -> None:
    bank = visit.bank
    assert refused(visit.came) == "identity.outside_unlinked", "nobody is found by an e-mail or a phone"
    linked = visit.link()
    assert linked.issuer in visit.told()[-1]
    who = visit.signed_in()
    assert who.id == visit.actor.id and who.proved is not None and who.proved.how == "outside"
    ago = wall_clock() - who.proved.at
    assert who.proved.by == "grand acr=high amr=pwd,otp,mfa" and 4 <= ago.total_seconds() < 65, (
        "since when she is in there"
    )
    assert {each.proved_by for each in bank.kernel.ask(identity.own_sessions, actor=who)} == {"code", "outside"}

    assert (
        refused(lambda: bank.run(authenticators.ask_passkey, AskPasskey("mine"), actor=who))
        == "identity.own_way_needed"
    )
    assert refused(lambda: visit.link(who)) == "identity.own_way_needed"
    unlink = UnlinkOutside(linked.id)
    assert refused(lambda: bank.run(service.unlink_outside, unlink, actor=who)) == "identity.own_way_needed"

    payer, payee = str(who.party_id), register_person(bank, 7).id
    for party in (payer, payee):
        bank.run(parties.verify_identity, VerifyIdentity(party))
        bank.run(payments.open_wallet, OpenWallet(party))
    bank.run(payments.top_up, MoveByRail(payer, yuan("9000.00"), CARD))
    bank.run(payments.transfer, Transfer(payer, payee, yuan("5000.00")), actor=who)
    more = Transfer(payer, payee, yuan("0.01"))
    assert refused(lambda: bank.run(payments.transfer, more, actor=who)) == "identity.own_way_needed"
    opened = doors.log_in(bank.kernel, LogIn(Person().phone, PASSWORD))
    herself = doors.who_is(bank.kernel, str(opened.token)).actor
    bank.run(payments.transfer, more, actor=herself)
    registered(bank, herself)
    assert refused(lambda: bank.run(payments.transfer, more, actor=who)) == "kernel.key_needed"
    assert refused(lambda: bank.run(service.unlink_outside, unlink, actor=herself)) == "kernel.key_needed"


@pytest.mark.long
def test_unlinking_ends_the_sessions_that_began_so_and_a_closed_login_stays_closed(visit: Visit) -> None:
    bank, linked = visit.bank, visit.link()
    other = enrolled(bank, replace(Person(), name="王强", number=resident_id(date(1999, 3, 8)), phone="138 1234 5679"))
    assert other.session is not None
    somebody = doors.who_is(bank.kernel, str(other.session.token)).actor
    answer = visit.sent(entrance.begin_link(bank.kernel, SITE, "grand", somebody))
    assert refused(lambda: visit.came(answer)) == "identity.outside_taken"
    visit.signed_in()
    assert bank.run(service.unlink_outside, UnlinkOutside(linked.id), actor=visit.actor).count == 1
    assert refused(visit.came) == "identity.outside_unlinked" and "no longer signs you in" in visit.told()[-1]
    assert refused(lambda: bank.run(service.unlink_outside, UnlinkOutside(linked.id), actor=visit.actor)) == (
        "identity.outside_not_found"
    )
    visit.link()
    bank.run(identity.disable_login, DisableLogin(visit.actor.id))
    assert refused(visit.came) == "identity.outside_unlinked"


def test_a_login_elsewhere_stops_no_recovery_and_ends_with_what_was_recovered(visit: Visit) -> None:
    bank, phone = visit.bank, Person().phone
    city(bank)
    visit.link()
    agreed(bank.kernel, authenticators.lose_passkeys, LosePasskeys(phone))
    thief = visit.signed_in()
    stop = lambda: bank.run(recovery.stop_recovery, StopRecovery(), actor=thief)  # noqa: E731
    assert refused(stop) == "identity.own_way_needed", "another's word stops no recovery"
    waited(bank)
    assert refused(visit.came) == "identity.outside_unlinked", "it takes effect at this way in too"
    assert "unlinked its logins elsewhere" in visit.told()[-1]
    visit.link(doors.who_is(bank.kernel, str(doors.log_in(bank.kernel, LogIn(phone, PASSWORD)).token)).actor)
    assert enrolled(bank, Person(), "another sentence of mine").session is not None
    assert refused(visit.came) == "identity.outside_unlinked", "nor outlives a password chosen by a code"


def test_an_answer_is_taken_once_from_the_browser_that_asked_and_from_whom_it_was_asked(visit: Visit) -> None:
    visit.link()
    answer = visit.begun()
    other = visit.begun()
    for odd in (
        replace(answer, flow=""), replace(answer, flow=other.flow), replace(answer, state=other.state),
        replace(answer, flow="made up", state="made up"),
    ):  # fmt: skip
        assert refused(lambda odd=odd: visit.came(odd)) == "identity.outside_not_asked"  # type: ignore[misc]
    assert refused(lambda: visit.came(replace(other, iss="https://evil.example"))) == "identity.outside_mixed_up"
    assert refused(lambda: visit.came(replace(other, iss=""))) == "identity.outside_mixed_up"
    assert refused(lambda: visit.came(replace(other, error="access_denied", code=""))) == "identity.outside_declined"
    assert refused(lambda: visit.came(replace(other, error="server_error", code=""))) == "identity.outside_refused"
    assert visit.came(other).outcome == "ok"
    assert refused(lambda: visit.came(other)) == "identity.outside_not_asked", "an answer is good once"
    with visit.bank.superuser() as connection:
        connection.execute("UPDATE outside_flow SET expires_at = expires_at - interval '11 minutes'")
    assert refused(lambda: visit.came(answer)) == "identity.outside_not_asked"
    to_link = visit.sent(entrance.begin_link(visit.bank.kernel, SITE, "grand", visit.actor))
    visit.grand.claims = {"sub": "sub-2"}
    waits = visit.came(to_link)
    stranger = replace(visit.actor, id="customer:somebody-else")
    command = LinkOutside(waits.flow_id)
    assert (
        refused(lambda: visit.bank.run(service.link_outside, command, actor=stranger)) == "identity.outside_not_asked"
    )


def test_a_token_that_is_not_signed_meant_made_or_asked_as_it_must_be_lets_nobody_in(visit: Visit) -> None:
    visit.link()
    grand, now = visit.grand, int(wall_clock().timestamp())
    other = jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
    shared = jwk.OctKey.import_key(str(grand.key.as_dict(private=False)), {"kid": "one"})
    attacks: list[dict[str, Any]] = [
        {"sign_by": other},
        {"header": {"kid": "two"}},
        {"header": {"alg": "HS256"}, "sign_by": shared},
        {"token": "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.eyJzdWIiOiJzdWItMSJ9."},
        {"token": "not.a.token"},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"aud": "them"}},
        {"claims": {"aud": ["us", "them"]}},
        {"claims": {"aud": ["us", "them"], "azp": "them"}},
        {"claims": {"nonce": "of another"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": now - 120}},
        {"claims": {"iat": now - 3600}},
        {"claims": {"iat": now + 3600}},
        {"claims": {"iat": None}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
    ]
    for attack in attacks:
        before = {name: getattr(grand, name) for name in attack}
        for name, value in attack.items():
            setattr(grand, name, value)
        assert refused(visit.came) == "identity.outside_untrue", attack
        for name, value in before.items():
            setattr(grand, name, value)
    assert visit.came().outcome == "ok"
    grand.claims = {"auth_time": now - 3600, "sub": "sub-3"}
    assert refused(visit.link) == "identity.outside_untrue", "to link, she must sign in there anew"
    grand.claims, grand.header = {}, {"kid": "two"}
    grand.key = jwk.ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
    assert refused(visit.came) == "identity.outside_untrue" and grand.fetched == 1, (
        "keys are not fetched for each odd token"
    )
    grand.seconds = 61
    assert visit.came().outcome == "ok" and grand.fetched == 2, "but once a minute, since a provider changes them"


def test_an_issuer_is_compared_to_its_last_slash(visit: Visit) -> None:
    grand, kernel = visit.grand, visit.bank.kernel
    without = grand.issuer
    for issuer, says in ((f"{without}/", f"{without}/"), (f"{without}/", without), (without, f"{without}/")):
        provider = Provider("grand", issuer, "us", Words("Grand Bank", "大通银行"), "secret")
        kernel.ports = kernel.ports.with_peer("openid", "grand", HttpProvider(provider))
        grand.issuer = says
        if issuer == says:
            assert visit.link().issuer == issuer and visit.came().outcome == "ok"
        else:
            assert refused(visit.begun) == "identity.outside_untrue"


def test_a_provider_that_is_silent_or_points_elsewhere_is_not_believed_and_not_asked(bank: Bank) -> None:
    def of(issuer: str) -> HttpProvider:
        return HttpProvider(Provider("grand", issuer, "us", Words("Grand Bank", "大通银行"), "secret"), within=0.5)

    assert refused(lambda: of("http://bank.example")) == "identity.outside_provider_bad"
    assert refused(lambda: of("http://localhost@evil.example")) == "identity.outside_provider_bad"
    bank.kernel.ports = bank.kernel.ports.with_peer("openid", "grand", of("http://localhost:9"))
    assert refused(lambda: entrance.begin(bank.kernel, SITE, "grand", Place())) == "identity.outside_silent"
    assert refused(lambda: entrance.begin(bank.kernel, SITE, "petty", Place())) == "identity.outside_provider_unknown"
