"""What a person's shop took here counts for her loan as she allows, to the fen, and what comes from her own side never does."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import service as credit
from farthing.credit.gathering import rules as gathering
from farthing.credit.model import GiveConsent, ReplayDecision, RevokeConsent
from farthing.credit.receipts import Receipts, Taking, without_own
from farthing.lending import service as lending
from farthing.lending.model import Application, Apply
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.merchants import receipts_service as receipts
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import (
    AddTill,
    CodePaid,
    Fee,
    MakeCode,
    OpenMerchant,
    PayByCode,
    RefundPayment,
    SetCashier,
)
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.lending.house import CARD, House, yuan
from tests.parties.people import register_person
from tests.payments.packets.people import herself

EIGHT_MONTHS = 244
PAST = """
    INSERT INTO merchant_payment (merchant_id, id, till_id, code_id, payer, currency, amount_minor, fee_minor, refunded_minor,
                                  fee_returned_minor, held_minor, taken_at, taken_on, due_on, contract_on, settlement_id)
    SELECT merchant_id, id || '-' || back, till_id, code_id, payer, currency, amount_minor, fee_minor, refunded_minor,
           fee_returned_minor, held_minor, taken_at, taken_on - back, due_on, contract_on, 'then'
    FROM merchant_payment CROSS JOIN generate_series(1, %s) AS back
"""
"""As if each day before had been like this one: a test does not live eight months to have them."""
SINCE = "UPDATE merchant_contract SET from_on = from_on - %s"


class Shop:
    """A house with a person who owes nothing and has a noodle house: who buys there, and a cashier."""

    def __init__(self, house: House) -> None:
        self.house, self.bank = house, house.bank
        house.party, *buyers = (register_person(self.bank, number) for number in range(1, 7))
        self.bank.run(parties.verify_identity, VerifyIdentity(house.party.id))
        self.owner, self.cashier, *self.buyers = (each.id for each in (house.party, *buyers))
        for each in (self.owner, *self.buyers, self.cashier):
            self.bank.run(payments.open_wallet, OpenWallet(each))
            self.bank.run(payments.top_up, MoveByRail(each, yuan("1000.00"), CARD))
        contract = OpenMerchant(self.owner, "Noodle house", "Chengdu", "5812", Fee("0.006"), "net", "面馆")
        self.id = self.bank.run(merchants.open_merchant, contract).id
        till = AddTill(self.owner, self.id, "East gate", "Till 1")
        self.till = self.bank.run(merchants.add_till, till, actor=herself(self.owner)).id
        self.bank.run(merchants.set_cashier, SetCashier(self.owner, self.id, self.cashier), actor=herself(self.owner))

    def pay(self, payer: str, amount: str) -> CodePaid:
        made = self.bank.run(
            merchants.make_code, MakeCode(self.owner, self.till, yuan(amount)), actor=herself(self.owner)
        )
        paid: CodePaid = self.bank.run(taking.pay, PayByCode(payer, made.text, yuan(amount)), actor=herself(payer))
        return paid

    def lived(self, days: int = EIGHT_MONTHS) -> None:
        with self.bank.superuser() as connection:
            connection.execute(PAST, [days])
            connection.execute(SINCE, [days])

    def allow(self, *kinds: str) -> str:
        until = self.house.today + timedelta(days=30)
        command = GiveConsent(self.owner, "loan_application", kinds, until)  # type: ignore[arg-type]
        given: str = self.bank.run(credit.give_consent, command).id
        return given

    def apply(self, amount: str = "6000.00") -> Application:
        command = Apply(self.owner, "shop-stock-loan", yuan(amount), 12, "flour and oil")
        answer: Application = self.bank.run(lending.apply, command)
        return answer


@pytest.fixture
def shop(database_url: str) -> Shop:
    return Shop(House(database_url))


def busy(shop: Shop) -> None:
    """A day like the others: every buyer eats twice, once for half, and one is given something back."""
    for each in shop.buyers:
        shop.pay(each, "150.00")
        half = shop.pay(each, "40.00")
    command = RefundPayment(shop.owner, shop.id, half.id, yuan("10.00"))
    shop.bank.run(refunds.refund, command, actor=herself(shop.owner))


def test_receipts_count_under_consent_alone_and_are_named(shop: Shop) -> None:
    busy(shop)
    shop.lived()
    shop.allow("payment_history", "credit_bureau")
    assert shop.house.refused(lending.apply, Apply(shop.owner, "shop-stock-loan", yuan("6000.00"), 12, "flour")) == (
        "credit.no_history"
    ), "without her consent nothing of it is read"
    allowed = shop.allow("shop_receipts")
    answer = shop.apply()
    assert answer.approved and answer.offer is not None
    made = shop.bank.read(lambda tx: credit.decision(tx, answer.decision_id))
    inputs = shop.bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id))
    assert made.grounds is not None and made.grounds.grade == "books" and made.grounds.most is None
    assert "this bank's own books" in made.grounds.en and "本行账簿" in made.grounds.zh
    named = next(each for each in made.reasons if each.code == "receipts_here")
    assert str(inputs.receipts and inputs.receipts.amount) in named.en and "4 payers" in named.en
    figures = {each.name: each for each in inputs.features}
    assert figures["months_covered"].value == 8
    assert figures["payers"].value == 4 and figures["open_days_share"].value == 1
    assert figures["top_payer_share"].value is not None and 0.25 <= figures["top_payer_share"].value <= 0.26
    assert figures["margin"].value is None, "nothing tells the costs: missing, never zero"
    assert inputs.monthly_income == figures["margin"].amount and inputs.monthly_income.minor > 0
    assert shop.bank.run(credit.replay_decision, ReplayDecision(made.id)).identical
    shop.bank.run(credit.revoke_consent, RevokeConsent(allowed))
    assert shop.house.refused(lending.apply, Apply(shop.owner, "shop-stock-loan", yuan("6000.00"), 12, "flour")) == (
        "credit.no_history"
    )
    assert shop.bank.read(lambda tx: credit.decision(tx, made.id)) == made, "what was decided stands"


def test_what_comes_from_the_shops_own_side_is_no_turnover(shop: Shop) -> None:
    friend, other = shop.buyers[:2]
    shop.pay(friend, "100.00")
    shop.pay(other, "60.00")
    shop.pay(shop.cashier, "30.00")
    seen = shop.bank.read(lambda tx: receipts.receipts(tx, shop.owner), actor=herself(shop.owner))
    assert (seen.amount, seen.left_out, seen.payers) == (yuan("160.00"), yuan("30.00"), 2)
    back = Transfer(shop.owner, friend, yuan("80.00"), "for noodles")
    shop.bank.run(payments.transfer, back, actor=herself(shop.owner))
    seen = shop.bank.read(lambda tx: receipts.receipts(tx, shop.owner), actor=herself(shop.owner))
    assert (seen.amount, seen.left_out, seen.top) == (yuan("80.00"), yuan("110.00"), yuan("60.00"))
    assert [(each.amount, each.payments) for each in seen.months] == [(yuan("80.00"), 2)]
    nobody = shop.bank.read(lambda tx: receipts.receipts(tx, friend), actor=herself(friend))
    assert (nobody.since, nobody.months, nobody.amount.minor) == (None, (), 0)


def test_a_bill_that_nobody_sealed_does_not_lower_what_the_books_carry(shop: Shop) -> None:
    busy(shop)
    shop.lived()
    shop.house.bring(sealed=False)
    plain = shop.apply("5000.00")
    made = shop.bank.read(lambda tx: credit.decision(tx, plain.decision_id))
    assert made.grounds is not None and made.grounds.grade == "holder"
    assert all(each.code != "receipts_here" for each in made.reasons)
    shop.allow("shop_receipts")
    told = shop.apply("6000.00")
    made = shop.bank.read(lambda tx: credit.decision(tx, told.decision_id))
    assert told.approved and made.grounds is not None and made.grounds.grade == "books"


def test_receipts_too_short_to_speak_alone_are_counted_beside_bills(shop: Shop) -> None:
    busy(shop)
    shop.lived(40)
    shop.house.bring()
    shop.allow("shop_receipts")
    answer = shop.apply("5000.00")
    inputs = shop.bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id))
    made = shop.bank.read(lambda tx: credit.decision(tx, answer.decision_id))
    assert inputs.receipts is not None and not inputs.receipts.alone
    assert made.grounds is not None and made.grounds.grade == "vouched" and "own books" in made.grounds.en
    assert inputs.receipts.until < shop.house.today, "a bill up to yesterday does not tell today"
    assert shop.bank.run(credit.replay_decision, ReplayDecision(made.id)).identical


days = st.dates(date(2026, 1, 1), date(2026, 3, 31))
takings = st.lists(
    st.builds(Taking, days, st.sampled_from("abcd"), st.integers(1, 500), st.integers(1, 3)), max_size=20
)


@given(takings, st.dictionaries(st.sampled_from("abcd"), st.integers(0, 800)), st.sets(st.sampled_from("abcd")))
def test_what_is_left_out_is_what_went_round_and_no_more(
    taken: list[Taking], sent: dict[str, int], own: set[str]
) -> None:
    kept, out = without_own(taken, sent, own)
    paid, left = Counter[str](), Counter[str]()
    for each in taken:
        paid[each.payer] += each.minor
    for each in kept:
        assert each.minor > 0
        left[each.payer] += each.minor
    assert left.total() + out == paid.total()
    for payer, much in paid.items():
        assert left[payer] == (0 if payer in own else max(0, much - sent.get(payer, 0)))


def test_which_sources_are_counted() -> None:
    today = date(2026, 12, 1)

    def bill(since: date, until: date, by: str = "") -> dict[str, object]:
        return {
            "since_on": since, "until_on": until, "first_on": since, "last_on": until, "added": 9, "vouched_by": by,
            "holder_check": "matched",
        }  # fmt: skip

    long = Receipts("CNY", date(2026, 3, 1), today, (Taking(date(2026, 4, 1), "a", 100, 1),))
    short = Receipts("CNY", date(2026, 11, 1), today, (Taking(date(2026, 11, 8), "a", 100, 1),))
    year = date(2025, 12, 1)
    for imports, took, alone, since in (
        ([bill(year, today, "w")], long, False, year),
        ([bill(year, today)], long, True, long.since),
        ([bill(year, today)], short, False, year),
        ([bill(date(2026, 10, 1), today, "w")], long, True, long.since),
        ([bill(date(2025, 1, 1), date(2026, 6, 1), "w")], long, True, long.since),
        ([], short, True, short.since),
    ):
        found = gathering.sources(imports, took, today)
        assert (found.alone, found.since) == (alone, since), imports
    old = gathering.sources([bill(year, date(2026, 10, 31), "w")], short, today)
    assert old.counted is None and old.flow((), "CNY").until == date(2026, 10, 31), (
        "what a bill does not cover is missing"
    )
