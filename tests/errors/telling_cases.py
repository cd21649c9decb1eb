"""Refusals around partners who ask who somebody is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from farthing.identity.rules import DOOR, actor_of
from farthing.kernel.clock import wall_clock
from farthing.kit.actor import Actor, Proved
from farthing.parties.vouching import granting_service as granting
from farthing.parties.vouching import rules, service
from farthing.parties.vouching.model import (
    AgreeToTell,
    EndRelyingParty,
    RedeemCode,
    RegisterRelyingParty,
    StopTelling,
    TellClaims,
)
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.parties.people import register_person
from tests.parties.vouching.partners import BACK, registered

GOOD = {
    "client_id": "rp_1", "redirect_uri": BACK, "response_type": "code", "scope": "openid", "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
}  # fmt: skip


def _herself(bank: Bank) -> Actor:
    party_id = register_person(bank, 7).id
    who = actor_of(f"customer:{party_id[6:]}", "customer", party_id)
    return replace(who, proved=Proved("password", wall_clock()))


def _agree(bank: Bank, partner: str, who: Actor, **more: Any) -> Any:
    return bank.run(granting.agree_to_tell, AgreeToTell(partner, BACK, **more), actor=who)


def _asked(**more: Any) -> None:
    try:
        rules.request_of({**GOOD, **more}, ())
    except rules.Answered as told:
        raise told.refusal from None


def _redeemed(bank: Bank, **more: Any) -> None:
    made = registered(bank)
    command = RedeemCode("https://bank.example", "code_1_x", BACK, "v" * 43, made["id"], made["secret"])
    done = bank.run(granting.redeem_code, replace(command, **more), actor=DOOR)
    raise rules.CODES[done.problem]()


@reproduces("parties.openid_client_unknown")
def a_partner_that_nobody_registered(bank: Bank) -> None:
    bank.kernel.ask(service.asking, "rp_nobody", BACK)


@reproduces("parties.openid_redirect_unknown")
def an_address_of_somebody_else(bank: Bank) -> None:
    bank.kernel.ask(service.asking, registered(bank)["id"], "https://shop.example/cb/")


@reproduces("parties.openid_request_bad")
def a_request_without_pkce() -> None:
    _asked(code_challenge="")


@reproduces("parties.openid_response_type")
def a_token_in_the_address() -> None:
    _asked(response_type="token")


@reproduces("parties.openid_request_object")
def a_request_as_a_token() -> None:
    _asked(request="e.y.J")


@reproduces("parties.openid_request_uri")
def a_request_that_lies_elsewhere() -> None:
    _asked(request_uri="https://shop.example/request")


@reproduces("parties.openid_scope")
def a_scope_beyond_the_contract() -> None:
    _asked(scope="openid phone")


@reproduces("parties.openid_login_required")
def nobody_is_there_and_nobody_may_be_asked() -> None:
    raise rules.LOGIN_REQUIRED()


@reproduces("parties.openid_consent_required")
def nobody_agreed_and_nobody_may_be_asked(bank: Bank) -> None:
    _agree(bank, registered(bank)["id"], _herself(bank), silent=True)


@reproduces("parties.openid_refused")
def she_does_not_agree() -> None:
    raise rules.REFUSED()


@reproduces("parties.openid_claim_not_asked")
def more_than_the_partner_may_ask(bank: Bank) -> None:
    _agree(bank, registered(bank, claims=())["id"], _herself(bank), claims=("phone",))


@reproduces("parties.openid_session_needed")
def the_bank_agrees_in_somebody_s_place(bank: Bank) -> None:
    _agree(bank, registered(bank)["id"], bank.system)


@reproduces("parties.openid_client_wrong")
def a_guessed_secret(bank: Bank) -> None:
    _redeemed(bank, client_secret="guessed")


@reproduces("parties.openid_grant_bad")
def a_guessed_code(bank: Bank) -> None:
    _redeemed(bank)


@reproduces("parties.openid_grant_type")
def a_password_for_a_token() -> None:
    raise rules.GRANT_TYPE()


@reproduces("parties.openid_token_bad")
def a_guessed_token(bank: Bank) -> None:
    bank.run(granting.tell_claims, TellClaims("token_1_x"), actor=DOOR)


@reproduces("parties.openid_consent_unknown")
def a_consent_of_somebody_else(bank: Bank) -> None:
    bank.run(service.stop_telling, StopTelling("consent_1"), actor=_herself(bank))


@reproduces("parties.relying_party_bad")
def a_partner_with_two_hosts(bank: Bank) -> None:
    bank.run(service.register_relying_party, RegisterRelyingParty("Shop", "商店", (BACK, "https://other.example/")))
    registered(bank, BACK, "https://other.example/")


@reproduces("parties.too_many_relying_parties")
def one_partner_too_many(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO relying_party (id, name, name_zh, sector, redirect_uris, claims, authentication, secret_hash, keys, "
            "made_at, made_by) SELECT 'rp_' || i, '', '', '', '{}', '{}', 'client_secret_basic', '', '[]', now(), '' "
            "FROM generate_series(1, 200) AS i"
        )
    registered(bank)


@reproduces("parties.relying_party_ended")
def a_partner_ended_twice(bank: Bank) -> None:
    made = registered(bank)["id"]
    for _ in range(2):
        bank.run(service.end_relying_party, EndRelyingParty(made))
