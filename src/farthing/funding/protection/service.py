"""Run the protection fund: what it pays at the close of a day, and what it says of itself to everybody."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings import service as holdings
from farthing.funding.market import listings_store
from farthing.funding.protection import rules, store
from farthing.funding.protection.model import Claim, FundMonth, ProtectionFund
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Cursor, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.products import service as products


@operation(
    "market.protect", title=Words("Protection fund paid lenders", "风险缓释金补偿出借人"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def protect(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the protection fund: lenders of loans that were given up are paid what of their principal is left, and all
    of them the same part of it where the fund has less. Once a loan."""
    ids = store.waiting(tx)  # all at once: what each is paid hangs on what all claim
    if not ids:
        return Stepped(0)
    left, notes = holdings.left_of(tx, ids), notes_store.of_loans(tx, ids)
    flows = {loan.id: some for loan, some in books.with_flows(tx, ids)}
    claims = {
        loan_id: rules.claimed(sum(left.get(loan_id, {}).values()), notes[loan_id], flows[loan_id]) for loan_id in ids
    }
    balance = balance_of(tx)
    paid = rules.pays(balance, [Money(claims[loan_id], tx.home) for loan_id in ids])
    for loan_id, amount in zip(ids, paid, strict=True):
        if amount:
            _pay(tx, loan_id, amount, left[loan_id], command)
        store.paid(tx, loan_id, claims[loan_id], amount.minor, flows[loan_id][-1].number, command.on)
    return Stepped(len(ids))


def balance_of(tx: Tx) -> Money:
    """What is in the fund."""
    there = ledger.balances_of(tx, [rules.fund_account(tx.home, tx.home)])
    return next((each.owed() for each in there.values()), Money(0, tx.home))


def _pay(tx: Tx, loan_id: str, amount: Money, left: dict[str, int], step: CloseStep) -> None:
    closed = holdings.closed_wallets(tx, left, amount.currency)
    ledger.post_all(tx, rules.payment(loan_id, amount, left, step.on, closed, tx.home))


@question("market.protection", permission=PUBLIC, whose=NOBODYS)
def fund(tx: Tx) -> ProtectionFund:
    """The protection fund today, for everybody: what is in it, against what is expected to be lost."""
    balance = balance_of(tx)
    expected = Money(listings_store.expected_loss(tx, tx.home), tx.home)
    sums = store.sums(tx, tx.home)
    claimed, paid = Money(sums["claimed"], tx.home), Money(sums["paid"], tx.home)
    covers = rules.coverage(balance, expected)
    law = products.policy_in_force(tx).marketplace
    listed = law.listings if law is not None else None
    return ProtectionFund(
        balance, expected, covers, sums["claims"], claimed, paid, rules.SAYS, sums["waiting"],
        listed is not None and listed.protects, listed.protects_article if listed is not None else None, _months(tx),
    )  # fmt: skip


def _months(tx: Tx) -> tuple[FundMonth, ...]:
    path = rules.fund_account(tx.home, tx.home)
    if not ledger.balances_of(tx, [path]):
        return ()
    ends = rules.months(tx.business_date)
    balances = [(end, ledger.balance(tx, path, effective_on=end).owed()) for end in ends]
    return rules.by_month(balances, store.paid_by_month(tx, tx.home, ends[0]))


@question("market.claims", permission="market:read_any", whose=STAFF)
def claims(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[Claim]:
    """Claims on the fund by the ids of their loans; continue with ``after`` the last one's."""
    page = store.claims(tx, after, limit)
    ids = [row["loan_id"] for row in page]
    markets, notes = holdings.all_of(tx, ids), notes_store.of_loans(tx, ids)
    flows = {loan.id: some for loan, some in books.with_flows(tx, ids)}
    return [
        Claim(
            row["loan_id"], _money(row["claimed_minor"], row["currency"]), _money(row["paid_minor"], row["currency"]),
            row["paid_on"],
            Money(rules.back_of(notes[row["loan_id"]], flows[row["loan_id"]], markets[row["loan_id"]]), row["currency"]),
        )
        for row in page
    ]  # fmt: skip


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
