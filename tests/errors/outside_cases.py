"""Refusals around logins at another institution."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from farthing.identity import counting, jose
from farthing.identity.authenticators import service as authenticators
from farthing.identity.authenticators.model import AskPasskey
from farthing.identity.model import Place
from farthing.identity.outside import entrance, rules, service, store
from farthing.identity.outside.client import HttpProvider
from farthing.identity.outside.model import (
    Answer,
    AskLink,
    AskOutside,
    Came,
    LinkOutside,
    OutsideLogin,
    Provider,
    UnlinkOutside,
)
from farthing.identity.rules import ANONYMOUS, DOOR, actor_of, source_of
from farthing.kernel.clock import wall_clock
from farthing.kit.actor import Actor, Proved
from farthing.kit.words import Words
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.identity.devices import SITE

GRAND = Provider("grand", "http://localhost:9", "us", Words("Grand Bank", "大通银行"), "secret")
NOW = wall_clock()
CUSTOMER = replace(actor_of("customer:1", "customer", "party_1"), proved=Proved("password", NOW))


def _with(bank: Bank) -> HttpProvider:
    peer = HttpProvider(GRAND, within=0.3)
    bank.kernel.ports = bank.kernel.ports.with_peer("openid", "grand", peer)
    return peer


def _answered(bank: Bank, **more: Any) -> None:
    """Somebody comes back to the browser that sent her."""
    _with(bank)
    sent = bank.run(service.ask_outside, AskOutside("grand"), actor=ANONYMOUS)
    good = Answer(rules.of_flow(sent.flow, "state"), "code", GRAND.issuer, "", sent.flow)
    entrance.answered(bank.kernel, SITE, "grand", replace(good, **more), Place())


def _came(bank: Bank, who: Actor | None = None) -> Came:
    _with(bank)
    sent = bank.run(service.ask_link, AskLink("grand"), actor=who) if who else bank.run(
        service.ask_outside, AskOutside("grand"), actor=ANONYMOUS
    )  # fmt: skip
    return Came(
        rules.flow_id_of(sent.flow), "grand", GRAND.issuer, rules.login_id_of(GRAND.issuer, "sub"), NOW, False, "grand"
    )


def _linked(bank: Bank) -> None:
    login = OutsideLogin(rules.login_id_of(GRAND.issuer, "sub"), "grand", GRAND.issuer, NOW)
    bank.kernel.tidy(lambda tx: store.link(tx, login, "customer:2", "party_2"))


def _told(bank: Bank, why: str) -> None:
    done = bank.run(service.outside_log_in, _came(bank), actor=DOOR)
    assert done.why == why
    raise entrance.refusal_of(why, {"provider": "Grand Bank", "provider_zh": "大通银行"})


@reproduces("identity.outside_provider_unknown")
def a_provider_that_nobody_set_up(bank: Bank) -> None:
    entrance.begin(bank.kernel, SITE, "grand", Place())


@reproduces("identity.outside_provider_bad")
def a_provider_without_tls() -> None:
    HttpProvider(replace(GRAND, issuer="http://grand.example"))


@reproduces("identity.outside_silent")
def a_provider_that_does_not_answer(bank: Bank) -> None:
    _answered(bank)


@reproduces("identity.outside_not_asked")
def an_answer_to_somebody_else_s_browser(bank: Bank) -> None:
    _answered(bank, flow="mine")


@reproduces("identity.outside_mixed_up")
def an_answer_of_another_institution(bank: Bank) -> None:
    _answered(bank, iss="https://evil.example")


@reproduces("identity.outside_declined")
def she_does_not_sign_in_there(bank: Bank) -> None:
    _answered(bank, error="access_denied")


@reproduces("identity.outside_refused")
def the_provider_refuses(bank: Bank) -> None:
    _answered(bank, error="server_error")


@reproduces("identity.outside_untrue")
def a_token_that_proves_nothing() -> None:
    try:
        jose.verified("not.a.token", ())
    except jose.Untrue as why:
        raise rules.untrue(GRAND, why) from None


@reproduces("identity.outside_unlinked")
def a_login_that_nobody_linked(bank: Bank) -> None:
    _told(bank, "unlinked")


@reproduces("identity.outside_weaker")
def a_login_without_a_second_factor(bank: Bank) -> None:
    _linked(bank)
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO login_code (id, seed, made_at, kept_at, last_step) VALUES ('customer:2', '', now(), now(), 0)"
        )
    _told(bank, "weaker")


@reproduces("identity.outside_taken")
def a_login_that_is_linked_to_somebody_else(bank: Bank) -> None:
    came = _came(bank, CUSTOMER)
    bank.run(service.outside_came, came, actor=DOOR)
    _linked(bank)
    bank.run(service.link_outside, LinkOutside(came.flow_id), actor=CUSTOMER)


@reproduces("identity.outside_not_found")
def a_login_that_is_not_hers(bank: Bank) -> None:
    bank.run(service.unlink_outside, UnlinkOutside("outside_1"), actor=CUSTOMER)


@reproduces("identity.outside_customers_alone")
def a_member_of_staff_wants_one(bank: Bank) -> None:
    _with(bank)
    bank.run(service.ask_link, AskLink("grand"), actor=actor_of("operator:1", "operator", None))


@reproduces("identity.too_many_outside")
def somebody_who_is_sent_all_the_time(bank: Bank) -> None:
    _with(bank)
    source, most = source_of("203.0.113.9"), rules.ASKED_PER_SOURCE
    what = ("outside-source", source)
    bank.kernel.tidy(lambda tx: [counting.within(tx, what, rules.WINDOW, most) for _ in range(most)])
    bank.run(service.ask_outside, AskOutside("grand", source), actor=ANONYMOUS)


@reproduces("identity.own_way_needed")
def a_passkey_is_added_on_another_institution_s_word(bank: Bank) -> None:
    who = replace(CUSTOMER, proved=Proved("outside", NOW, "grand"))
    bank.run(authenticators.ask_passkey, AskPasskey("mine"), actor=who)
