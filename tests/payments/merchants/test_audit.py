"""What is planted in merchants' payments, refunds, payouts or the books is found, and named."""

from __future__ import annotations

import pytest

from farthing.kernel.day import close_day
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.merchants import rules
from farthing.payments.merchants.audit_service import MerchantAudit, verify_merchants
from farthing.payments.merchants.model import Fee
from farthing.payments.wallets import wallet_path
from tests.conftest import Bank
from tests.payments.merchants.shops import Shop, shop
from tests.payments.packets.people import yuan

LATE = Fee("0.01", "payer", "settlement")


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    """One payment that was paid out and then given back in part, one that waits whole, one that waits and was given back
    in part."""
    noodles = shop(bank, fee=LATE)
    old = noodles.pay(noodles.code("100.00")).id
    early = noodles.pay(noodles.code("30.00")).id
    noodles.refund(early, "10.00")
    bank.begin("merchants paid out", lambda _: _to_business_day(bank))
    noodles.refund(old, "25.00")
    noodles.pay(noodles.code("50.00"))
    noodles.refund(noodles.pay(noodles.code("20.00")).id, "5.55")
    return noodles


def _to_business_day(bank: Bank) -> None:
    for _ in range(4):
        close_day(bank.kernel)


def audited(noodles: Shop) -> MerchantAudit:
    found: MerchantAudit = noodles.bank.read(verify_merchants, snapshot=True)
    return found


def test_a_bank_in_order_is_found_so(noodles: Shop) -> None:
    found = audited(noodles)
    assert (found.merchants, found.payments, found.refunds, found.payouts, found.findings) == (1, 4, 3, 1, ())


PLANTED: dict[str, tuple[str, str]] = {
    "another amount": ("UPDATE merchant_payment SET amount_minor = amount_minor + 100 WHERE amount_minor = 5000", "fee: 50"),
    "another fee": ("UPDATE merchant_payment SET fee_minor = fee_minor + 1 WHERE amount_minor = 5000", "fee: 51"),
    "more given back": (
        "UPDATE merchant_payment SET refunded_minor = refunded_minor + 1 WHERE amount_minor = 2000",
        "given back: 556",
    ),
    "less held": ("UPDATE merchant_payment SET held_minor = held_minor - 1 WHERE amount_minor = 5000", "held: 4999"),
    "another payer": (
        "UPDATE merchant_payment SET payer = 'party_00000000000000000000000000' WHERE amount_minor = 5000",
        "moves otherwise than the rows say",
    ),
    "a payment is gone": ("DELETE FROM merchant_payment WHERE amount_minor = 5000", "its escrow holds"),
    "a refund is gone": ("DELETE FROM merchant_refund WHERE amount_minor = 555", "given back: 555"),
    "a refund of nothing": (
        "UPDATE merchant_refund SET payment_id = 'codepay_none' WHERE amount_minor = 555",
        "its payment is not there",
    ),
    "a refund from elsewhere": ("UPDATE merchant_refund SET escrow_minor = 0 WHERE amount_minor = 555", "held: 1445"),
    "paid out twice over": ("UPDATE merchant_settlement SET net_minor = net_minor + 1", "net: 12001"),
    "paid out for another fee": ("UPDATE merchant_settlement SET fee_minor = 0", "fee: 0"),
    "a payout is gone": ("DELETE FROM merchant_settlement", "payments name it"),
    "a payment was said to be paid out": (
        "UPDATE merchant_payment SET settlement_id = (SELECT max(id) FROM merchant_settlement) WHERE amount_minor = 5000",
        "payments: 2, and 3 follow",
    ),
    "another contract": ("UPDATE merchant_contract SET fee_rate = '0.02'", "fee: 50"),
    "no contract": ("DELETE FROM merchant_contract", "the contract it was taken by, is not there"),
    "the escrow moved by hand": (
        "UPDATE account SET balance = balance + 1 WHERE path LIKE 'liabilities:escrow:merchants:%'",
        "its escrow holds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_named(noodles: Shop, name: str) -> None:
    statement, problem = PLANTED[name]
    with noodles.bank.superuser() as connection:
        assert connection.execute(statement.encode()).rowcount > 0
    found = audited(noodles).findings
    assert any(problem in each.problem for each in found), found


def test_money_that_left_an_escrow_by_another_way_is_found(noodles: Shop) -> None:
    """Postings that no payment knows: the ledger itself is in order, the merchant is not."""
    wallet = wallet_path(noodles.stranger, "CNY", "CNY")
    for number, path in enumerate((rules.escrow_of(noodles.merchant.id), rules.FEES)):
        lines = (Posting(path, yuan("0.01")), Posting(wallet, -yuan("0.01")))
        noodles.bank.kernel.tidy(
            lambda tx, lines=lines, number=number: ledger.post_all(
                tx, [JournalEntry(f"planted-{number}", "code-settled", tx.business_date, lines)]
            )
        )
    problems = [each.problem for each in audited(noodles).findings]
    assert any("its escrow holds" in each for each in problems) and any("fees of" in each for each in problems), (
        problems
    )
