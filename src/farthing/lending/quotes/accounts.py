"""Own the names of the accounts that a quote's entries stand on. A case may call them otherwise."""

from __future__ import annotations

NAMES: dict[str, str] = {
    "money": "assets:clearing",
    "loans": "assets:loans",
    "interest_receivable": "assets:receivable:interest",
    "fee_receivable": "assets:receivable:fees",
    "penalty_receivable": "assets:receivable:penalties",
    "owed_back": "liabilities:owed-back",
    "interest_income": "income:interest",
    "fee_income": "income:fees",
    "penalty_income": "income:penalties",
    "deferred_income": "liabilities:deferred-income",
    "recovered": "income:recovered",
    "goodwill": "expenses:goodwill",
    "waived": "expenses:waived",
    "charged_off": "expenses:charged-off",
    "written_off": "expenses:written-off",
}
