"""Every page and form of every door, for the walk of everybody: a page with the question that says who sees it, none where
it shows only what is the visitor's own, or a door. A form runs operations as whoever is signed in, which says who may.

Each door has its own tables, so that two doors change different lines.
"""

from __future__ import annotations

SHARED: dict[str, str | None] = {
    "/": None,
    "/gallery": None,
    "/gallery/charts": None,
    "/help": None,
    "/me": None,
    "/me/help-code": None,
    "/register/code": None,
    "/sandbox/enter/{token}": None,
    "/sandbox/messages": None,
}
SHARED_FORMS = {
    "/login",
    "/logout",
    "/look",
    "/me/attendances",
    "/me/help-code",
    "/me/password",
    "/me/sessions",
    "/register",
    "/register/code",
}

CUSTOMER: dict[str, str | None] = {
    "/activity": None,
    "/activity.csv": None,
    "/activity/{reference}": None,
    "/apply": None,
    "/collect": None,
    "/consents": None,
    "/decisions/{decision_id}": "credit.decision",
    "/history": None,
    "/home": None,
    "/loans/{loan_id}": "lending.loan",
    "/loans/{loan_id}/contract": "lending.contract",
    "/loans/{loan_id}/contract.pdf": "lending.contract_pdf",
    "/offers/{offer_id}": "credit.decision",
    "/pay": None,
    "/pay/to/{payee}": None,
    "/savings": None,
    "/savings/fund/{fund}": None,
    "/savings/fund/{fund}/orders/{order_id}": "savings.fund_order",
    "/savings/fund/{fund}/{step}": None,
    "/savings/not-offered": None,
    "/savings/open": None,
    "/savings/products/{product}": None,
    "/savings/{deposit_id}": "savings.deposit",
    "/savings/{deposit_id}/acts/{step}": "savings.deposit",
    "/savings/{deposit_id}/receipts/{number}": "savings.deposit",
    "/savings/{deposit_id}/{kind}.pdf": "savings.printed",
    "/statements": None,
    "/statements/{month}.pdf": None,
    "/top-up": None,
}
CUSTOMER_FORMS = {
    "/apply",
    "/consents/revocations",
    "/decisions/{decision_id}/disputes",
    "/decisions/{decision_id}/reviews",
    "/history",
    "/loans/{loan_id}",
    "/loans/{loan_id}/contract",
    "/loans/{loan_id}/evidence",
    "/offers/{offer_id}",
    "/collect",
    "/collect/withdrawals",
    "/pay",
    "/pay/payee",
    "/top-up",
    "/savings/fund/{fund}",
    "/savings/fund/{fund}/orders",
    "/savings/open",
    "/savings/{deposit_id}",
}

COUNTER: dict[str, str | None] = {
    "/counter": "parties.find",
    "/counter/customers/{party_id}": "parties.there",
    "/counter/customers/{party_id}/apply": "parties.there",
    "/counter/customers/{party_id}/cash": "parties.there",
    "/counter/customers/{party_id}/open": "parties.there",
    "/counter/customers/{party_id}/repay": "parties.there",
    "/counter/customers/{party_id}/slip": "parties.there",
    "/counter/deposits/{deposit_id}": "savings.deposit",
    "/counter/deposits/{deposit_id}/slip": "savings.deposit",
    "/counter/deposits/{deposit_id}/{kind}.pdf": "savings.printed",
    "/counter/drawer": "payments.handovers",
    "/counter/new": "parties.find",
}
COUNTER_FORMS = {
    "/counter",
    "/counter/customers/{party_id}/apply",
    "/counter/customers/{party_id}/cash",
    "/counter/customers/{party_id}/open",
    "/counter/customers/{party_id}/presence",
    "/counter/customers/{party_id}/repay",
    "/counter/customers/{party_id}/wallet",
    "/counter/deposits/{deposit_id}",
    "/counter/drawer",
    "/counter/drawer/handovers",
    "/counter/new",
    "/counter/witness",
}

OPERATOR: dict[str, str | None] = {
    "/approvals": "approvals.waiting",
    "/approvals/{approval_id}": "approvals.draft",
    "/ops": "ledger.chart",
    "/ops/accounts": "ledger.chart",
    "/ops/accounts/{path}": "ledger.statement",
    "/ops/complaints": None,
    "/ops/customers": "parties.search",
    "/ops/customers/{party_id}": "parties.party",
    "/ops/day": "savings.coming",
    "/ops/deposits": "savings.roll",
    "/ops/deposits.csv": "savings.roll",
    "/ops/deposits/{deposit_id}": "savings.deposit_statement",
    "/ops/entries": "ledger.entries",
    "/ops/entries/{entry_id}": "ledger.entry_in_full",
    "/ops/entries/{entry_id}/evidence.json": "ledger.entry_in_full",
    "/ops/jobs": "jobs.failed",
    "/ops/keys": "identity.program_keys",
    "/ops/loans": "lending.roll",
    "/ops/loans.csv": "lending.roll",
    "/ops/loans/{loan_id}": "lending.loan",
    "/ops/products": "products.versions",
    "/ops/products/new": None,
    "/ops/products/{product}/{version}": "products.version",
    "/ops/rates": "products.versions",
    "/ops/payments": "payments.rail_payments",
    "/ops/payments.csv": "payments.rail_payments",
    "/ops/search": "parties.search",
    "/ops/reports": "ledger.totals",
    "/ops/reports/complaints.csv": "credit.complaints",
    "/ops/reports/lateness.csv": "lending.lateness",
    "/ops/reports/limits.csv": "ledger.limits",
    "/ops/reports/policy.csv": "products.law",
    "/ops/reports/products.csv": "products.versions",
    "/ops/risk": "lending.lateness",
    "/ops/settings": "bank.about",
    "/ops/staff": "identity.staff",
    "/ops/trial-balance": "ledger.chart",
    "/ops/verify": "ledger.verify",
}
OPERATOR_FORMS = {
    "/approvals/incidents",
    "/approvals/{approval_id}",
    "/ops/complaints",
    "/ops/day",
    "/ops/entries/{entry_id}",
    "/ops/jobs",
    "/ops/keys",
    "/ops/products/new",
    "/ops/staff",
    "/ops/verify",
}

PARTNER: dict[str, str | None] = {
    "/partner": "funding.own_portfolio",
    "/partner/requests": "funding.own_requests",
    "/partner/settlement": "funding.own_settlement",
    "/partner/settlement.csv": "funding.own_settlement",
}
PARTNER_FORMS: set[str] = set()

PROOF: dict[str, str | None] = {
    "/proof": "ledger.totals",
    "/proof/check": None,
    "/proof/checkpoint.txt": "assurance.log_checkpoint",
    "/proof/complaints": "credit.complaints",
    "/proof/decisions": "credit.latest_decisions",
    "/proof/checker.zip": None,
    "/proof/downloads": "assurance.latest_checkpoint",
    "/proof/journal.beancount": "ledger.entries",
    "/proof/journal.hledger": "ledger.entries",
    "/proof/limits": "products.law",
    "/proof/log-key.txt": "assurance.log_key",
    "/proof/policies": "products.law",
    "/proof/totals.csv": "ledger.totals",
    "/proof/trial-balance.csv": "ledger.trial_balance",
}
PROOF_FORMS = {"/proof/check"}

PAGES = {**SHARED, **CUSTOMER, **COUNTER, **OPERATOR, **PARTNER, **PROOF}
FORMS = {*SHARED_FORMS, *CUSTOMER_FORMS, *COUNTER_FORMS, *OPERATOR_FORMS, *PARTNER_FORMS, *PROOF_FORMS}
