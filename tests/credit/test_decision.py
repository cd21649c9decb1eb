"""Consent, decision and replay on a real database; the scorecard's strictness; every refusal of credit."""

from __future__ import annotations

import base64
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import rules
from farthing.credit import service as credit
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.bureau.model import BureauReport
from farthing.credit.model import (
    DisputeDatum,
    GiveConsent,
    ImportBill,
    Inputs,
    ReplayDecision,
    RequestDecision,
    RevokeConsent,
    Rhythm,
)
from farthing.credit.models.shipped import Shipped
from farthing.credit.scorecard import load
from farthing.credit.ways import service as ways
from farthing.kernel import day
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.products.model import Portion
from tests.conftest import Bank
from tests.hands import city
from tests.parties.people import register_person

CARDS = DATA / "products" / "scorecards"
AMOUNT = Money(800_000, "CNY")


def refused(bank: Bank, *arguments: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(*arguments, **options)
    return caught.value.code


def consent(bank: Bank, party: str, *kinds: str, days: int = 20) -> str:
    until = bank.kernel.clock().business_date + timedelta(days=days)
    kinds = kinds or ("payment_history", "credit_bureau")
    return bank.run(credit.give_consent, GiveConsent(party, "loan_application", kinds, until)).id


def bill(bank: Bank, party: str, name: str = "林美") -> ImportBill:
    until = bank.kernel.clock().business_date - timedelta(days=1)
    content = graduate_bill(random.Random(7), until, name)
    return ImportBill(party, "bill.csv", base64.b64encode(content).decode())


def ask(party: str) -> RequestDecision:
    return RequestDecision(party, "rainy-day-loan", AMOUNT, 6)


def ready(bank: Bank, number: int = 0) -> str:
    city(bank)
    party = register_person(bank, number).id
    consent(bank, party)
    bank.run(credit.import_bill, bill(bank, party))
    return party


def test_a_decision_is_explained_and_replays_to_the_same(bank: Bank) -> None:
    party = ready(bank)
    decision = bank.run(credit.request_decision, ask(party))
    assert decision.approved
    assert 1 <= len(decision.reasons) <= 4
    assert all(reason.en and reason.zh and reason.datum for reason in decision.reasons)
    assert bank.run(credit.replay_decision, ReplayDecision(decision.id)).identical
    found = bank.kernel.read(lambda tx: ways.ways(tx, decision.id))
    assert (found.grade, found.ways) == ("holder", ()) and [each.grade for each in found.better] == [
        "record",
        "vouched",
        "pulled",
    ]
    assert decision.limit < found.better[0].limit == found.better[1].limit, "then a month's income bounds it"


def test_a_planted_change_shows_in_the_replay(bank: Bank) -> None:
    party = ready(bank)
    decision = bank.run(credit.request_decision, ask(party))
    with bank.superuser() as connection:
        connection.execute("UPDATE credit_decision SET decision = jsonb_set(decision, '{score}', '900'), score = 900")
    assert bank.run(credit.replay_decision, ReplayDecision(decision.id)).differs == ("score",)


def test_a_decision_of_before_replays_though_movements_are_told_better_today(bank: Bank) -> None:
    party = ready(bank)
    decision = bank.run(credit.request_decision, ask(party))
    with bank.superuser() as connection:
        connection.execute(
            "UPDATE credit_decision SET decision = jsonb_set(decision, '{engine}', '\"decision-5/movements-2\"'), "
            "inputs = inputs - 'carries'"
        )
    found = bank.run(credit.replay_decision, ReplayDecision(decision.id))
    assert found.differs == ("inputs_sha256",), "what stood in the inputs since is missed; no answer is another"


def test_importing_twice_adds_nothing(bank: Bank) -> None:
    party = ready(bank)
    assert bank.run(credit.import_bill, bill(bank, party)).added == 0


def test_consent_is_asked_expires_and_is_taken_back(bank: Bank) -> None:
    city(bank)
    party = register_person(bank).id
    assert refused(bank, credit.import_bill, bill(bank, party)) == "credit.consent_missing"
    today = bank.kernel.clock().business_date
    past = GiveConsent(party, "loan_application", ("payment_history",), today)
    assert refused(bank, credit.give_consent, past) == "credit.consent_in_the_past"
    nothing = GiveConsent(party, "loan_application", (), today + timedelta(days=1))
    assert refused(bank, credit.give_consent, nothing) == "credit.consent_to_nothing"
    given_id = consent(bank, party, days=1)
    assert refused(bank, credit.request_decision, ask(party)) == "credit.no_history"
    day.close_day(bank.kernel)
    day.close_day(bank.kernel)
    assert refused(bank, credit.import_bill, bill(bank, party)) == "credit.consent_expired"
    assert refused(bank, credit.revoke_consent, RevokeConsent("consent_x")) == "credit.consent_unknown"
    again = consent(bank, party)
    bank.run(credit.revoke_consent, RevokeConsent(again))
    bank.run(credit.revoke_consent, RevokeConsent(given_id))
    assert refused(bank, credit.import_bill, bill(bank, party)) == "credit.consent_revoked"


def test_refusals_of_bills_and_data(bank: Bank) -> None:
    party = ready(bank)
    broken = ImportBill(party, "x", "***")
    assert refused(bank, credit.import_bill, broken) == "credit.bill_not_base64"
    assert refused(bank, credit.import_bill, bill(bank, party, "李雷")) == "credit.bill_other_person"
    assert refused(bank, credit.dispute_datum, DisputeDatum(party, "nothing", "wrong")) == "credit.datum_unknown"
    assert refused(bank, credit.replay_decision, ReplayDecision("dec_x")) == "credit.decision_unknown"
    stranger = Actor("s", frozenset({"*"}), party_id="party_other")
    assert refused(bank, credit.request_decision, ask(party), actor=stranger) == "kernel.not_yours"


def test_raw_bills_never_reach_the_evidence_log(bank: Bank) -> None:
    ready(bank)
    with bank.superuser() as connection:
        bodies = b"".join(bytes(row[0]) for row in connection.execute("SELECT body FROM evidence_leaf").fetchall())
    assert "林美".encode() not in bodies
    assert b"content_base64" not in bodies


def test_a_scorecard_is_read_strictly() -> None:
    text = (CARDS / "payment-history.toml").read_text(encoding="utf-8")
    assert load(text).provenance["loans"] == 354
    for wrong in (
        text.replace("refuse_below", "refuse_under"),
        text.replace('better = "higher"', 'better = "lower"', 1),
        text.replace("points = -57", "points = 5.5", 1),
        text + "[",
    ):
        with pytest.raises(Refusal) as caught:
            load(wrong)
        assert caught.value.code == "credit.scorecard_invalid"


def inputs(bank: Bank) -> tuple[object, object]:
    party = ready(bank)
    decision = bank.run(credit.request_decision, ask(party))
    card = Shipped(load((CARDS / "payment-history.toml").read_text(encoding="utf-8")))
    return card, bank.read(lambda tx: credit.decision_inputs(tx, decision.id))


def test_the_rules_on_what_knocks_out(bank: Bank) -> None:
    card, given = inputs(bank)

    def codes(**changes: object) -> list[str]:
        opinion = rules.decide(card, replace(given, **changes))
        assert not opinion.approved
        assert opinion.limit.minor == 0
        assert 1 <= len(opinion.reasons) <= 4
        return [reason.code for reason in opinion.reasons]

    assert codes(history_until=given.decided_on - timedelta(days=100))[0] == "history_too_old"
    assert codes(features=tuple(replace(item, months=2) for item in given.features))[0] == "history_too_short"
    assert codes(monthly_income=Money(10_000, "CNY"))[0] == "affordability"


@given(st.integers(100_000, 5_000_000), st.integers(0, 3_000_000))
def test_more_income_never_lowers_the_limit(income: int, more: int) -> None:
    def limit(monthly: int) -> Money:
        bureau = BureauReport("sandbox", "no_record", (), 0, "")
        least, most = Money(50_000, "CNY"), Money(5_000_000, "CNY")
        today = date(2026, 1, 1)
        money = Money(monthly, "CNY")
        rate = Decimal("0.12")
        given = Inputs(
            "person", "p", "v", AMOUNT, 6, rate, least, most, today, today, "matched", (), money, money, bureau, {}
        )
        return rules.affordable("person", given)

    assert limit(income) <= limit(income + more)


@given(st.integers(1, 60), st.sampled_from((("week", 1), ("week", 2), ("day", 10), ("month", 3))), st.booleans())
def test_what_an_instalment_takes_of_a_month_is_what_is_left_of_one(
    count: int, apart: tuple[str, int], flat: bool
) -> None:
    """The largest loan of a rhythm asks, by the month, for what a month leaves and no more, to whole hundreds."""
    unit, every = apart
    bureau, money = BureauReport("sandbox", "no_record", (), 0, ""), Money(1_000_000, "CNY")
    least, most, today = Money(50_000, "CNY"), Money(10**12, "CNY"), date(2026, 1, 1)
    given = Inputs(
        "person", "p", "v", AMOUNT, count, Decimal("0.12"), least, most, today, today, "matched", (), money, money, bureau, {},
        rhythm=Rhythm(every, unit, flat),
    )  # fmt: skip
    limit = rules.affordable("person", given).minor
    months = Fraction(every) if unit == "month" else Fraction(12 * every * (7 if unit == "week" else 1), 365)
    rate = Fraction("0.12") / 12 * months

    def a_month(lent: int) -> Fraction:
        each = lent * (Fraction(1, count) + rate) if flat else lent * rate / (1 - (1 + rate) ** -count)
        return each / months

    assert a_month(limit) <= Fraction(40, 100) * 1_000_000 < a_month(limit + rules.ROUND_TO_MINOR + 1)


def test_each_row_of_a_plan_by_hand_takes_what_the_months_before_it_leave() -> None:
    bureau, money = BureauReport("sandbox", "no_record", (), 0, ""), Money(1_000_000, "CNY")
    least, most, today = Money(50_000, "CNY"), Money(10**12, "CNY"), date(2026, 1, 1)

    def limit(*rows: tuple[int, str]) -> int:
        given = Inputs(
            "person", "p", "v", AMOUNT, len(rows), Decimal("0.12"), least, most, today, today, "matched", (), money, money,
            bureau, {}, rows=tuple(Portion(months, Decimal(share)) for months, share in rows),
        )  # fmt: skip
        return rules.affordable("person", given).minor

    assert limit((8, "1")) == 2_960_000, "an eighth and a hundredth of it fit 4,000.00 a month"
    assert limit((8, "0.6"), (10, "0.4")) == 1_960_000, "the second row is due two months after the first"
    assert limit((6, "0"), (8, "1")) == 400_000 / (1 / 2 + 0.01) // 10_000 * 10_000, (
        "interest was paid at the sixth month"
    )
