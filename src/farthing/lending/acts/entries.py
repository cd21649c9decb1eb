"""Own the entries of a loan's life beyond pay-out and repayment: each function shows its entry. Pure.

What the books should hold of a loan is read off its fold, day by day. A fact posts the difference between what they should hold
without it and with it: what it does itself, and what it changes of that which followed it.

Fees and penalties are income when they are paid, hence a charge or a waiver of one has no entry. Interest that has fallen due is
a claim, hence forgiving it takes it out of income again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.model import AccountSpec, JournalEntry, Posting, sign_of
from farthing.lending.entries import (
    claimed,
    collections_account,
    goodwill_account,
    interest_account,
    owed_back_account,
    principal_account,
    recoveries_account,
    topped_up_account,
)
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import COMPONENTS
from farthing.lending.lives.loan import Split
from farthing.lending.model import Loan, LoanEvent
from farthing.lending.prudence.entries import allowance_path, expense_path
from farthing.lending.suspense.rules import against_path, income_path
from farthing.lending.top_ups.model import TOPPED_UP_BY

Lines = dict[str, int]
Key = tuple[date, int, str]
"""What an entry is of: the day it is effective on, the number of its event (nought: interest that is earned), its kind."""

ALLOWANCE = "allowance"
"""Where an event keeps what stood for the loan that it gives up: the class and what was set aside, and what of its interest stood
in suspense, in minor units."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a loan's money comes from and goes to: the borrower's wallet, and the bank's home currency, which no path names."""

    wallet: str
    home: str


def accounts_of(loan: Loan, places: Places) -> list[AccountSpec]:
    """The accounts that an act may need beside those of :func:`farthing.lending.entries.accounts_of`."""
    currency = loan.principal.currency
    loss = expense_path(loan.conditions.product, "", currency, places.home)
    return [
        AccountSpec(owed_back_account(loan), currency, floor=0),
        *(AccountSpec(path, currency) for path in (recoveries_account(loan), goodwill_account(loan), loss)),
    ]


def _claims(loan: Loan, split: Split, given_up: bool) -> Lines:
    """The borrower owes less, by component: our claims and income; collections where others hold a part; what was given up
    already is recovered."""
    parts = {component: getattr(split, component) for component in COMPONENTS}
    into = {component: collections_account(loan) for component in COMPONENTS} if loan.shared else claimed(loan)
    found: Lines = {owed_back_account(loan): -split.over}
    for component, amount in parts.items():
        path = recoveries_account(loan) if given_up and not loan.shared else into[component]
        found[path] = found.get(path, 0) - amount
    return found


def received(loan: Loan, split: Split, given_up: bool, places: Places) -> Lines:
    """Money comes in, and what nothing asks for is owed back; what was owed back pays what is owed now.

    liabilities:wallets:B             amount
        the claims, or income:recoveries:P where they were given up    -each part
        liabilities:owed-back:L       -what is left
    """
    return {places.wallet: split.total, **_claims(loan, split, given_up)}


def goodwill(loan: Loan, split: Split, given_up: bool, places: Places) -> Lines:
    """The bank pays a part itself.

    expenses:goodwill:P               amount
        the claims                    -each part
    """
    return {goodwill_account(loan): split.total, **_claims(loan, split, given_up)}


def given_up(loan: Loan, split: Split, before: bool, places: Places, aside: Lines) -> Lines:
    """The claims leave the books: out of what stands aside for them, and the rest is a loss; once only.

    assets:loan-loss-allowance:P:C    what stood aside for the loan
    expenses:credit-losses:P          the rest
        assets:loans:L                -principal
        assets:interest-receivable:L  -interest that had fallen due
    and interest that was no income is a loss of none:
    assets:interest-suspended:P       what stood in suspense for the loan
        income:interest-suspended:P   -as much

    Where others hold a part, our claims leave the books when the flow is shared out: here only what stood for them does.
    """
    if before:
        return {}
    claims = (0, 0) if loan.shared else (split.principal, split.earned)
    return loss_of(loan, *claims, places, aside)


def loss_of(loan: Loan, principal: int, interest: int, places: Places, aside: Lines) -> Lines:
    """As :func:`given_up`, of the own book's claims as they are."""
    loss = expense_path(loan.conditions.product, "", loan.principal.currency, places.home)
    rest = principal + interest - sum(aside.values())
    return {**aside, loss: rest, principal_account(loan): -principal, interest_account(loan): -interest}


def recovered(loan: Loan, split: Split, places: Places) -> Lines:
    """Money comes in for what was written off.

    liabilities:wallets:B             amount
        income:recoveries:P           -amount (liabilities:collections:L where others hold a part)
    """
    into = collections_account(loan) if loan.shared else recoveries_account(loan)
    return {places.wallet: split.lost, into: -split.lost}


def paid_out(loan: Loan, split: Split, places: Places) -> Lines:
    """More of what was agreed is paid out.

    assets:loans:L                    amount
        liabilities:wallets:B         -amount
    """
    return {principal_account(loan): split.principal, places.wallet: -split.principal}


def refunded(loan: Loan, split: Split, places: Places) -> Lines:
    """What was paid too much is given back.

    liabilities:owed-back:L           amount
        liabilities:wallets:B         -amount
    """
    return {owed_back_account(loan): split.over, places.wallet: -split.over}


def _lines(loan: Loan, split: Split, before: bool, places: Places, aside: Lines) -> Lines:
    kind = split.event.do
    if kind in ("repay", "pay_off", "use_credit"):
        return received(loan, split, before, places)
    if kind == "goodwill_credit":
        return goodwill(loan, split, before, places)
    if kind in GIVES_UP:
        return given_up(loan, split, before, places, aside)
    simple: dict[str, Callable[[Loan, Split, Places], Lines]] = {
        "recover": recovered, "refund_credit": refunded, "pay_out": paid_out,
    }  # fmt: skip
    return simple[kind](loan, split, places) if kind in simple else {}


GIVES_UP = ("charge_off", "write_off")
FIRST = 1
"""The number of the event by which a loan is paid out, or the first part of it."""


def aside_of(loan: Loan, event: LoanEvent, places: Places) -> Lines:
    """What stood for a loan when an event gave it up: in the allowance of its class, and in suspense."""
    kept, found = event.about.get(ALLOWANCE) or {}, Lines()
    product, currency = loan.conditions.product, loan.principal.currency
    if kept.get("minor"):
        found[allowance_path(product, kept["class"], currency, places.home)] = kept["minor"]
    if suspended := kept.get("suspended"):
        found[against_path(product, currency, places.home)] = suspended
        found[income_path(product, currency, places.home)] = -suspended
    return found


def bookings(
    loan: Loan, events: tuple[LoanEvent, ...], state: lives.Loan, on: date, places: Places
) -> dict[Key, Lines]:
    """What the books should hold of a loan on a day by its fold, by what it is of; not its first payment out, which stands."""
    by_name = {event.id: event for event in events}
    found: dict[Key, Lines] = {}
    before = False
    for split in state.splits:
        event = by_name.get(split.event.name)
        number = event.number if event else 0
        aside = aside_of(loan, event, places) if event else {}
        from_or_to = places_of(event, places)
        if number != FIRST:
            _add(found, (split.event.on, number, split.event.do), _lines(loan, split, before, from_or_to, aside))
        before = before or split.event.do in GIVES_UP
    if not loan.shared:
        income = loan.conditions.roles["interest_income"]
        for each in state.instalments:
            earned = each.earned_by(on)
            _add(found, (min(each.due_on, on), 0, "accrual"), {interest_account(loan): earned, income: -earned})
    return found


def places_of(event: LoanEvent | None, places: Places) -> Places:
    """Where the money of an event comes from: the wallet, or the loan that this one was topped up by."""
    if event is None or TOPPED_UP_BY not in event.about:
        return places
    return replace(places, wallet=topped_up_account(event.about[TOPPED_UP_BY]))


def _add(found: dict[Key, Lines], key: Key, lines: Lines) -> None:
    held = found.setdefault(key, {})
    for path, amount in lines.items():
        held[path] = held.get(path, 0) + amount


def differences(before: dict[Key, Lines], after: dict[Key, Lines]) -> dict[Key, Lines]:
    """What the books are to be moved by, by what it is of, in the order of days."""
    found = {}
    for key in sorted({*before, *after}):
        was, now = before.get(key, {}), after.get(key, {})
        moved = {path: now.get(path, 0) - was.get(path, 0) for path in {**was, **now}}
        moved = {path: amount for path, amount in moved.items() if amount}
        if moved:
            found[key] = moved
    return found


KINDS: dict[str, tuple[str, Words]] = {
    "pay_out": ("disbursement", Words("payment out", "放款")),
    "repay": ("repayment", Words("repayment", "还款")),
    "pay_off": ("repayment", Words("repayment", "还款")),
    "use_credit": ("credit-used", Words("what was owed back pays", "溢缴款抵扣")),
    "goodwill_credit": ("goodwill", Words("goodwill credit", "商誉减免")),
    "charge_off": ("charge-off", Words("charge-off", "呆账转销")),
    "write_off": ("write-off", Words("write-off", "贷款核销")),
    "recover": ("recovery", Words("recovery", "核销后收回")),
    "refund_credit": ("refund", Words("refund of a credit balance", "溢缴款退还")),
    "accrual": ("accrual", Words("interest", "利息")),
    "waive": ("waiver", Words("interest waived", "减免利息")),
}
"""What an entry is called, by the kind of fact that it is of."""
ADJUSTS = "adjustment"


def entries_of(loan: Loan, fact: LoanEvent, moved: dict[Key, Lines]) -> list[JournalEntry]:
    """The entries of a fact: what it does itself, and of what followed it the adjustment; :func:`in_turn`."""
    currency, number = loan.principal.currency, fact.number
    made = []
    for place, ((on, of, kind), lines) in enumerate(moved.items(), start=1):
        own = of == number or (kind == "use_credit" and not of) or (kind == "accrual" and fact.kind == "waive")
        name, words = KINDS["waive" if own and kind == "accrual" else kind]
        made.append(JournalEntry(
            reference=f"loan:{loan.short_id}:act:{number}:{place}",
            kind=name if own or kind == "accrual" else ADJUSTS,
            effective_on=on,
            postings=tuple(Posting(path, Money(amount, currency)) for path, amount in lines.items()),
            memo=f"{words.zh} {words.en}" if own else f"更正 adjusts: {words.zh} {words.en}",
        ))  # fmt: skip
    return in_turn(made)


def in_turn(made: list[JournalEntry]) -> list[JournalEntry]:
    """Entries in an order in which they can be posted: none lowers a claim, or what is owed back, that another of them raises
    first; by day where that does not matter. No account may be below nothing on the way."""
    waiting, found = list(made), []
    while waiting:
        free = (
            each
            for each in waiting
            if not any(_lowered(each) & _raised(other) for other in waiting if other is not each)
        )
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        found.append(chosen)
    return found


def _lowered(entry: JournalEntry) -> set[str]:
    return {each.account for each in entry.postings if _own(each) < 0}


def _raised(entry: JournalEntry) -> set[str]:
    return {each.account for each in entry.postings if _own(each) > 0}


def _own(posting: Posting) -> int:
    """By how much a posting raises its account; nought of income and expenses, which may hold anything."""
    bounded = posting.account.startswith(("assets:", "liabilities:"))
    return sign_of(posting.account) * posting.amount.minor if bounded else 0
