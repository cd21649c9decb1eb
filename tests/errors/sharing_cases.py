"""Refusals around institutions that read accounts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from joserfc import jwt

from farthing.identity.rules import DOOR, actor_of
from farthing.kernel.clock import wall_clock
from farthing.kit.actor import Actor, Proved
from farthing.parties.vouching.model import RelyingParty
from farthing.sharing import proofs, rules, sandbox_service, service
from farthing.sharing import reading_service as reading
from farthing.sharing.model import AgreeToShare, Details, ReadShared, SharingConsent, StopSharing
from farthing.sharing.sandbox_service import RegisterInSandbox
from tests.conftest import DAY, Bank
from tests.errors.gallery import reproduces
from tests.parties.people import register_person
from tests.sharing.institutions import BACK, key_of, registered

GOOD = {
    "response_type": "code", "redirect_uri": BACK, "code_challenge": "c" * 43, "code_challenge_method": "S256",
    "authorization_details": json.dumps(
        [{"type": "farthing-accounts", "template": "once", "actions": ["balances"], "until": DAY.isoformat()}]
    ),
}  # fmt: skip
PARTNER = RelyingParty(
    "rp_1", "Purse", "钱袋", "reader.example", (BACK,), (), "private_key_jwt", wall_clock(), "system"
)
BUDGET = Details("budgeting", ("accounts", "transactions"), date(2026, 6, 1), date(2026, 12, 31))
CONSENT = SharingConsent(
    "sharing_1", "party_1", "rp_1", "customer:1", BUDGET, "https://bank.example/open", ("wallet:CNY",), "2026-12/zh",
    wall_clock(), date(2026, 6, 10),
)  # fmt: skip


def _herself(bank: Bank) -> Actor:
    party_id = register_person(bank, 7).id
    who = actor_of(f"customer:{party_id[6:]}", "customer", party_id)
    return replace(who, proved=Proved("password", wall_clock()))


def _kept(bank: Bank, consent: SharingConsent = CONSENT) -> None:
    bank.kernel.tidy(lambda tx: service.store.give(tx, consent))


def _request(bank: Bank) -> str:
    """A request that waits, as if an institution had pushed it."""
    made = reading.store.SharingRequest(
        "asked_1", registered(bank, key_of()), b"", BACK, "", "c" * 43, None, BUDGET, "https://bank.example/open", wall_clock(),
        wall_clock() + timedelta(minutes=9),
    )  # fmt: skip
    bank.kernel.tidy(lambda tx: service.store.push(tx, made, wall_clock()))
    return made.id


def _agree(bank: Bank, request_id: str, *accounts: str) -> None:
    bank.run(service.agree, AgreeToShare(request_id, accounts), actor=_herself(bank))


@reproduces("sharing.details_bad")
def asking_for_nothing_that_there_is(bank: Bank) -> None:
    rules.wanted({**GOOD, "authorization_details": "[]"}, PARTNER, DAY)


@reproduces("sharing.not_registered")
def asking_for_more_than_was_registered(bank: Bank) -> None:
    rules.wanted(
        {**GOOD, "authorization_details": GOOD["authorization_details"].replace("2026-06-10", DAY.isoformat())},
        PARTNER,
        DAY,
    )


@reproduces("sharing.request_gone")
def a_request_that_nobody_pushed(bank: Bank) -> None:
    bank.kernel.ask(service.asks, "rp_1", "urn:ietf:params:oauth:request_uri:1_x")


@reproduces("sharing.nothing_picked")
def agreeing_to_no_account(bank: Bank) -> None:
    _agree(bank, _request(bank))


@reproduces("sharing.account_not_offered")
def agreeing_to_an_account_of_another(bank: Bank) -> None:
    _agree(bank, _request(bank), "loan_of_another")


@reproduces("sharing.consent_unknown")
def stopping_what_one_did_not_allow(bank: Bank) -> None:
    _kept(bank)
    bank.run(service.stop, StopSharing("sharing_1"), actor=_herself(bank))


@reproduces("sharing.ended_before")
def stopping_it_twice(bank: Bank) -> None:
    who = _herself(bank)
    registered_id = registered(bank, key_of())
    _kept(bank, replace(CONSENT, party_id=str(who.party_id), relying_party_id=registered_id))
    for _ in range(2):
        bank.run(service.stop, StopSharing("sharing_1"), actor=who)


@reproduces("sharing.token_bad")
def a_token_that_nobody_was_given(bank: Bank) -> None:
    bank.run(
        reading.read,
        ReadShared("accounts", "GET", "https://bank.example/v1/open/accounts", "access_1_x", "-"),
        actor=DOOR,
    )


@reproduces("sharing.proof_bad")
def a_proof_that_is_none(bank: Bank) -> None:
    proofs.checked("x.y.z", "GET", "https://bank.example/", wall_clock(), None)


@reproduces("sharing.nonce_needed")
def a_proof_without_the_nonce(bank: Bank) -> None:
    key = key_of()
    head = {
        "alg": "ES256",
        "typ": "dpop+jwt",
        "jwk": {name: key.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")},
    }
    said = {"jti": "one", "htm": "GET", "htu": "https://bank.example/", "iat": int(wall_clock().timestamp())}
    proofs.checked(jwt.encode(head, said, key), "GET", "https://bank.example/", wall_clock(), ())


@reproduces("sharing.consent_ended")
def a_consent_that_was_stopped(bank: Bank) -> None:
    rules.check_running(replace(CONSENT, ended_at=wall_clock(), ended_why="person"), DAY)


@reproduces("sharing.consent_expired")
def a_consent_that_ran_out(bank: Bank) -> None:
    rules.check_running(CONSENT, date(2027, 1, 1))


@reproduces("sharing.kind_not_agreed")
def a_kind_that_was_not_agreed_to(bank: Bank) -> None:
    rules.range_of(CONSENT, "loans", None, None, DAY)


@reproduces("sharing.range_beyond")
def a_day_before_those_agreed_to(bank: Bank) -> None:
    rules.range_of(CONSENT, "transactions", date(2026, 5, 31), None, DAY)


@reproduces("sharing.range_bad")
def days_in_the_wrong_order(bank: Bank) -> None:
    rules.range_of(CONSENT, "transactions", date(2026, 6, 9), date(2026, 6, 8), DAY)


@reproduces("sharing.account_unknown")
def an_account_that_the_consent_does_not_hold(bank: Bank) -> None:
    raise rules.ACCOUNT_UNKNOWN(account="'account_x'")


@reproduces("sharing.too_often")
def asking_all_day(bank: Bank) -> None:
    def asked(tx: Any) -> None:
        for _ in range(9):
            reading.counted(tx, CONSENT, ReadShared("accounts", "GET", "https://bank.example/", "t", "p"))

    bank.kernel.tidy(asked)


@reproduces("sharing.not_a_sandbox")
def registering_oneself_at_a_real_bank(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    bank.run(sandbox_service.register_in_sandbox, RegisterInSandbox("One", "一", (BACK,), "{}"), actor=DOOR)


@reproduces("sharing.many_registered")
def registering_all_day(bank: Bank) -> None:
    public = key_of().as_dict(private=False)
    for _ in range(sandbox_service.MOST_AN_HOUR + 1):
        command = RegisterInSandbox("One", "一", (BACK,), f'{{"keys": [{str(public).replace(chr(39), chr(34))}]}}')
        bank.run(sandbox_service.register_in_sandbox, command, actor=DOOR)
