"""Mandates: given, changed and stopped by the lender alone, within his own limits, his means and the policy pack."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding.market import lenders_rules, mandates_rules
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.lenders_model import Lender
from farthing.funding.market.mandates_model import ChangeMandate, MakeMandate, Mandate, Room, StopMandate, Terms
from farthing.funding.valuing import curve
from farthing.identity.roles import ROLES
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from tests.conftest import DAY, Bank
from tests.funding.market.lenders import TERMS, himself, lender, yuan
from tests.hands import law
from tests.products.test_policy import pack

CN = lenders_rules.law_of(pack("cn").marketplace)
ROOM = Room(CN.note, yuan("12000"), yuan("3000"), yuan("0"), yuan("0"))


def ready(bank: Bank, number: int = 0, worth: str = "60000") -> Party:
    """A lender who is known, with an empty wallet."""
    party = lender(bank, number, worth)
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    bank.run(payments.open_wallet, OpenWallet(party.id))
    return party


def refused(bank: Bank, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(*arguments, **options)
    return caught.value.code


def test_a_mandate_lives_from_its_first_version_until_it_is_stopped(bank: Bank) -> None:
    law(bank)
    party = ready(bank)
    actor = himself(party)
    made = bank.run(mandates.make_mandate, MakeMandate(party.id, TERMS), actor=actor)
    other = replace(TERMS, amount=yuan("2000"), reinvest=False)
    changed = bank.run(mandates.change_mandate, ChangeMandate(made.id, other), actor=actor)
    assert (changed.version, changed.terms) == (2, other)
    assert bank.run(mandates.change_mandate, ChangeMandate(made.id, other), actor=actor) == changed, "the same again"
    assert bank.kernel.ask(mandates.room, party.id, actor=actor).mandated == yuan("2000")
    stopped = bank.run(mandates.stop_mandate, StopMandate(made.id), actor=actor)
    assert stopped.stopped and bank.run(mandates.stop_mandate, StopMandate(made.id), actor=actor) == stopped
    assert bank.kernel.ask(mandates.mandates, party.id, actor=actor) == [stopped]
    assert [each.version for each in bank.kernel.ask(mandates.mandate, made.id, actor=actor)] == [2, 1]
    assert bank.kernel.ask(mandates.room, party.id, actor=actor).mandated == yuan("0")
    assert (
        refused(bank, mandates.change_mandate, ChangeMandate(made.id, TERMS), actor=actor) == "market.mandate_stopped"
    )


def test_nobody_gives_changes_or_stops_a_mandate_of_another(bank: Bank) -> None:
    law(bank)
    lin, other = ready(bank, 1), ready(bank, 2)
    made = bank.run(mandates.make_mandate, MakeMandate(lin.id, TERMS), actor=himself(lin))
    for function, command in (
        (mandates.make_mandate, MakeMandate(lin.id, TERMS)),
        (mandates.change_mandate, ChangeMandate(made.id, TERMS)),
        (mandates.stop_mandate, StopMandate(made.id)),
    ):
        assert refused(bank, function, command, actor=himself(other)) == "kernel.not_yours"
    assert [each.id for each in bank.kernel.ask(mandates.mandates, lin.id, actor=himself(lin))] == [made.id]


def test_all_mandates_together_stay_within_the_lenders_means(bank: Bank) -> None:
    law(bank)
    party = ready(bank)  # who has 60,000: 5 per cent freely, 20 per cent by express wish
    first = bank.run(mandates.make_mandate, MakeMandate(party.id, TERMS))
    more = replace(TERMS, amount=yuan("9000.01"), consents=True)
    assert refused(bank, mandates.make_mandate, MakeMandate(party.id, more)) == "market.beyond_means"
    wished = replace(more, amount=yuan("9000"))
    unsaid = replace(wished, consents=False)
    assert refused(bank, mandates.make_mandate, MakeMandate(party.id, unsaid)) == "market.consent_needed"
    bank.run(mandates.make_mandate, MakeMandate(party.id, wished))
    grown = replace(TERMS, amount=yuan("3000.01"), consents=True)
    assert refused(bank, mandates.change_mandate, ChangeMandate(first.id, grown)) == "market.beyond_means"


def test_mandates_given_at_one_instant_stay_within_the_means_together(bank: Bank) -> None:
    law(bank)
    party = ready(bank)
    command = MakeMandate(party.id, replace(TERMS, amount=yuan("2000"), consents=True))

    def give(_: int) -> str:
        try:
            bank.run(mandates.make_mandate, command)
        except Refusal as refusal:
            return refusal.code
        return "given"

    with ThreadPoolExecutor(6) as pool:
        answers = Counter(pool.map(give, range(9)))
    assert answers == {"given": 6, "market.beyond_means": 3}  # 12,000 in all, which is the most


def test_who_is_not_ready_known_or_has_no_wallet_lends_nothing(bank: Bank) -> None:
    law(bank)
    party = lender(bank, 3)
    command = MakeMandate(party.id, TERMS)
    assert refused(bank, mandates.make_mandate, command) == "market.not_verified"
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    assert refused(bank, mandates.make_mandate, command) == "ledger.unknown_account"


def test_whose_test_is_missing_is_told_so() -> None:
    half = lenders_rules.standing(Lender("party_lin", simulated_on=DAY, net_worth=yuan("5")), CN, DAY, 2)
    with pytest.raises(Refusal) as caught:
        mandates_rules.room(half, CN, [], {}, "CNY")
    assert caught.value.code == "market.not_ready"
    assert caught.value.facts["missing"] == "knowledge test, acknowledged warning"
    assert "知识测试、风险提示确认" in caught.value.detail_zh


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": yuan("0")}, "money.not_positive"),
        ({"grades": ("A", "Z")}, "market.mandate_contradicts"),
        ({"grades": ("A", "A")}, "market.mandate_contradicts"),
        ({"annual": Decimal("-0.01")}, "market.mandate_contradicts"),
        ({"annual": Decimal("0.0751")}, "market.mandate_contradicts"),
        ({"months_min": 7, "months_max": 6}, "market.mandate_contradicts"),
        ({"per_loan": yuan("200.01")}, "market.mandate_contradicts"),
        ({"per_borrower": yuan("3000.01")}, "market.mandate_contradicts"),
        ({"per_loan": yuan("49.99")}, "market.below_note"),
        ({"grades": ()}, "market.mandate_too_open"),
        ({"amount": yuan("3000.01")}, "market.consent_needed"),
        ({"amount": yuan("12000.01"), "consents": True}, "market.beyond_means"),
        ({"amount": Money.parse("3000", "EUR")}, "money.currency_mismatch"),
    ],
)
def test_terms_that_cannot_be_lent_on_are_refused(changes: dict[str, Any], code: str) -> None:
    mandates_rules.check(TERMS, CN, ROOM, curve.shipped())
    with pytest.raises(Refusal) as caught:
        mandates_rules.check(replace(TERMS, **changes), CN, ROOM, curve.shipped())
    assert caught.value.code == code


def test_the_union_wants_two_ranges_and_lets_all_be_lent_by_express_wish() -> None:
    union = lenders_rules.law_of(pack("eu").marketplace)
    euro = Terms(*(Money.parse(text, "EUR") for text in ("900", "90", "90")), grades=("A",))
    done = Lender("party_lin", DAY, DAY, DAY, Money.parse("8000", "EUR"), DAY)
    room = mandates_rules.room(lenders_rules.standing(done, union, DAY, 2), union, [], {}, "EUR")
    assert (str(room.freely), str(room.most)) == ("EUR 1,000.00", "EUR 8,000.00")
    with pytest.raises(Refusal) as caught:
        mandates_rules.check(euro, union, room, curve.shipped())
    assert caught.value.code == "market.mandate_too_open"
    mandates_rules.check(replace(euro, months_max=24), union, room, curve.shipped())


amounts = st.integers(1, 2_000_000).map(lambda minor: Money(minor, "CNY"))


@given(amounts, st.lists(amounts, max_size=4), st.booleans(), st.integers(-(10**6), 10**8))
def test_no_mandate_passes_that_lets_more_be_lent_than_the_means_allow(
    amount: Money, others: list[Money], consents: bool, worth: int
) -> None:
    done = Lender("party_lin", DAY, DAY, DAY, Money(worth, "CNY"), DAY)
    live = [Mandate(str(at), "party_lin", 1, replace(TERMS, amount=each), None) for at, each in enumerate(others)]  # type: ignore[arg-type]
    room = mandates_rules.room(lenders_rules.standing(done, CN, DAY, 2), CN, live, {}, "CNY")
    terms = Terms(amount, min(amount, yuan("50")), min(amount, yuan("50")), grades=("A",), consents=consents)
    whole = amount.minor + sum(each.minor for each in others)
    most, freely = (max(100_000, round(Decimal(part) * max(worth, 0))) for part in ("0.20", "0.05"))
    try:
        mandates_rules.check(terms, CN, room, curve.shipped())
    except Refusal as refusal:
        reasons = {
            "market.below_note": amount < CN.note, "market.beyond_means": whole > most,
            "market.consent_needed": whole > freely and not consents,
        }  # fmt: skip
        assert reasons[refusal.code]
    else:
        assert amount >= CN.note and whole <= most and (consents or whole <= freely)


def test_staff_reads_mandates_and_gives_none() -> None:
    assert {role for role, permissions in ROLES.items() if "market:lend" in permissions} == {"customer"}
    assert "market:read_any" in ROLES["operator"] & ROLES["auditor"]
