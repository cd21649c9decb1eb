"""Own the entries of a quoted loan: one function for each kind of entry, each showing it. Pure.

An entry is (account, amount) lines in minor units: debits above zero, credits below, and they sum to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from farthing.lending.lives.loan import Split

Lines = dict[str, int]
Names = Mapping[str, str]


def _lines(*lines: tuple[str, int]) -> Lines:
    found: Lines = {}
    for account, amount in lines:
        found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in found.items() if amount}


def _claims(names: Names, split: Split) -> tuple[tuple[str, int], ...]:
    """The borrower owes less: each component's claim, and what is owed back to her."""
    return (
        (names["loans"], -split.principal), (names["interest_receivable"], -split.interest),
        (names["fee_receivable"], -split.fee), (names["penalty_receivable"], -split.penalty),
        (names["owed_back"], -split.over),
    )  # fmt: skip


def paid_out(names: Names, split: Split) -> Lines:
    """Money goes out.

    loans    principal
        money    -principal
    """
    return _lines((names["loans"], split.principal), (names["money"], -split.principal))


def capitalised(names: Names, split: Split) -> Lines:
    """Income is added to the principal and earned later.

    loans    amount
        deferred_income    -amount
    """
    return _lines((names["loans"], split.principal), (names["deferred_income"], -split.principal))


def repaid(names: Names, split: Split) -> Lines:
    """Money comes in; what nothing asks for is owed back.

    money    amount
        loans, interest_receivable, fee_receivable, penalty_receivable    -each part
        owed_back    -what is left
    """
    return _lines((names["money"], split.total), *_claims(names, split))


def recovered_after_charge_off(names: Names, split: Split) -> Lines:
    """Money comes in on a loan whose claims were charged off.

    money    amount
        recovered    -what was charged off
        owed_back    -what is left
    """
    return _lines(
        (names["money"], split.total),
        (names["recovered"], -(split.total - split.over)),
        (names["owed_back"], -split.over),
    )


def goodwill(names: Names, split: Split) -> Lines:
    """The lender pays a part himself.

    goodwill    amount
        the claims    -each part
    """
    return _lines((names["goodwill"], split.total), *_claims(names, split))


def interest_refunded(names: Names, split: Split) -> Lines:
    """Interest that was earned is given back.

    interest_income    amount
        the claims    -each part
    """
    return _lines((names["interest_income"], split.total), *_claims(names, split))


def charged(names: Names, split: Split) -> Lines:
    """A fee or a penalty is claimed.

    fee_receivable, penalty_receivable    amount
        fee_income, penalty_income    -amount
    """
    return _lines(
        (names["fee_receivable"], split.fee), (names["fee_income"], -split.fee),
        (names["penalty_receivable"], split.penalty), (names["penalty_income"], -split.penalty),
    )  # fmt: skip


def waived(names: Names, split: Split) -> Lines:
    """A claim is forgiven.

    waived    amount
        the claims    -each part
    """
    return _lines((names["waived"], split.total), *_claims(names, split))


def charged_off(names: Names, split: Split) -> Lines:
    """Claims are not believed in any more; the borrower still owes them.

    charged_off    amount
        the claims    -each part
    """
    return _lines((names["charged_off"], split.total), *_claims(names, split))


def written_off(names: Names, split: Split) -> Lines:
    """Claims are given up.

    written_off    amount
        the claims    -each part
    """
    return _lines((names["written_off"], split.total), *_claims(names, split))


def recovered(names: Names, split: Split) -> Lines:
    """Money comes in for what was written off.

    money    amount
        recovered    -amount
    """
    return _lines((names["money"], split.lost), (names["recovered"], -split.lost))


def credit_refunded(names: Names, split: Split) -> Lines:
    """What was owed back is paid back.

    owed_back    amount
        money    -amount
    """
    return _lines((names["owed_back"], split.over), (names["money"], -split.over))


def charged_back(names: Names, split: Split) -> Lines:
    """A payment is taken back: the claims stand again.

    loans, the receivables, owed_back    each part
        money    -amount
    """
    return _lines((names["money"], -split.total), *((account, -amount) for account, amount in _claims(names, split)))


def credit_used(names: Names, split: Split) -> Lines:
    """What was owed back pays what is owed now.

    owed_back    amount
        the claims    -each part
    """
    return _lines(*_claims(names, split))


def interest_earned(names: Names, amount: int) -> Lines:
    """Interest has fallen due, or was paid before it did.

    interest_receivable    amount
        interest_income    -amount
    """
    return _lines((names["interest_receivable"], amount), (names["interest_income"], -amount))


BY_KIND: dict[str, Callable[[Names, Split], Lines]] = {
    "pay_out": paid_out, "capitalise": capitalised, "repay": repaid, "pay_off": repaid, "merchant_refund": repaid,
    "payout_refund": repaid, "goodwill_credit": goodwill, "interest_refund": interest_refunded, "charge": charged,
    "waive": waived, "waive_interest": waived, "charge_off": charged_off, "write_off": written_off,
    "recover": recovered, "refund_credit": credit_refunded, "charge_back": charged_back, "use_credit": credit_used,
}  # fmt: skip
"""Kinds of events that have an entry; the others move no money and no claim."""
