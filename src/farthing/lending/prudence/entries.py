"""Own the accounts of what is set aside for loans, and the entry that moves it. Pure."""

from __future__ import annotations

from datetime import date

from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.prudence.model import Provision

ALLOWANCE = "assets:loan-loss-allowance"
EXPENSE = "expenses:credit-losses"


def allowance_path(product: str, class_name: str, currency: str, home: str) -> str:
    """What is set aside for a product's loans of a class: an asset below zero, which the loans are shown less of."""
    named = class_name.replace("_", "-")
    return in_currency(f"{ALLOWANCE}:{product}:{named}" if product else f"{ALLOWANCE}:{named}", currency, home)


def expense_path(product: str, class_name: str, currency: str, home: str) -> str:
    """What a product's losses cost the month in which they are foreseen."""
    return in_currency(f"{EXPENSE}:{product or class_name}", currency, home)


def accounts_of(provision: Provision, home: str) -> list[AccountSpec]:
    """The two accounts; an allowance is never more than nothing."""
    currency = provision.allowance.currency
    where = (provision.product, provision.class_name, currency, home)
    return [AccountSpec(allowance_path(*where), currency, ceiling=0), AccountSpec(expense_path(*where), currency)]


def provision_entry(provision: Provision, month: date, home: str) -> JournalEntry:
    """Set aside more for a product and class, or take back what is not needed any more.

    expenses:credit-losses:P               change
        assets:loan-loss-allowance:P:C    -change
    """
    currency = provision.allowance.currency
    where = (provision.product, provision.class_name, currency, home)
    return JournalEntry(
        reference=f"provision:{month}:{provision.product}:{provision.class_name}:{currency}",
        kind="provision",
        effective_on=month,
        postings=(
            Posting(expense_path(*where), provision.change), Posting(allowance_path(*where), -provision.change),
        ),
        memo="贷款损失准备 loan loss provision",
    )  # fmt: skip
