"""Own what the operations and tags of the described API are called: a verb and a noun, as a person would choose.

Generated clients have functions of these names, so that one may be added here and none ever changes.
"""

from __future__ import annotations

from collections.abc import Mapping

OPERATIONS: Mapping[str, str] = {
    "payments.transfer": "make_transfer", "payments.transfer_batch": "make_transfers",
    "payments.top_up": "top_up_wallet", "payments.pay_out": "send_pay_out", "payments.wallets": "list_wallets",
    "payments.history": "list_movements", "payments.pay": "pay_payee",
    "payments.payee": "get_payee", "payments.recent_payees": "list_payees", "payments.collect": "make_collect_code",
    "payments.withdraw_collect": "withdraw_collect_code", "payments.collect_codes": "list_collect_codes",
        "payments.cash_in": "pay_cash_in", "payments.cash_out": "pay_cash_out", "payments.tills": "list_tills",
    "payments.vault": "get_vault_balance", "payments.own_drawer": "get_own_drawer",
    "payments.own_drawer_lines": "list_own_drawer_lines", "payments.handovers": "list_handovers",
    "payments.take_back": "take_handover_back", "payments.take_over": "take_handover",
    "payments.take_to_vault": "take_handover_to_vault", "payments.hand_over": "offer_handover",
    "payments.hand_from_vault": "offer_handover_from_vault",
    "payments.asked": "get_collect_code",
    "payments.activity": "list_activity", "payments.receipt": "get_receipt", "payments.statement": "get_wallet_statement_pdf",
    "payments.balances": "list_balances",
    "payments.rail_payment": "get_rail_payment",
    "ledger.post": "post_entry", "ledger.post_batch": "post_entries", "ledger.post_by_hand": "draft_entry",
    "ledger.reverse": "reverse_entry", "ledger.entries": "list_entries", "ledger.entry": "get_entry",
    "ledger.entry_in_full": "get_entry_in_full", "assurance.entry_proof": "get_entry_proof",
    "ledger.balances": "list_accounts", "ledger.statement": "list_postings", "ledger.trial_balance": "get_trial_balance",
    "parties.register": "register_party", "parties.party": "get_party", "parties.verifications": "list_verifications",
    "parties.attend_by_document": "attend_by_document", "parties.disown": "disown_attendance",
    "parties.change_phone_at_counter": "change_phone_at_counter", "parties.erase": "erase_party",
    "parties.institution_name": "get_institution_name", "parties.leave": "end_attendance",
    "parties.awaiting_witness": "list_awaiting_attendances",
    "parties.attendances": "list_attendances", "parties.show_code": "show_help_code",
    "parties.incidents": "list_incidents",
    "credit.import_bill": "import_bill", "credit.open_reviews": "list_open_reviews",
    "credit.open_disputes": "list_open_disputes", "bank.about": "get_bank", "credit.consents": "list_consents",
    "credit.bill_report": "get_bill_report", "credit.disputes": "list_disputes", "credit.decision": "get_decision",
    "credit.reviews": "list_reviews", "credit.inquiries": "list_inquiries", "credit.bills": "list_bills",
    "credit.decision_points": "get_decision_points", "credit.reviews_of": "list_reviews_of_party",
    "lending.apply": "apply_for_loan", "lending.repay": "repay_loan", "lending.settle": "settle_loan",
    "lending.loans": "list_loans", "lending.loan": "get_loan", "lending.offer": "get_offer",
    "lending.repayments": "list_repayments", "lending.contract": "get_contract",
    "lending.contract_pdf": "get_contract_pdf", "lending.contract_text": "get_contract_text",
    "ledger.limits": "list_limits", "ledger.totals": "list_totals", "products.law": "get_policy",
    "products.standing": "list_published_products", "credit.complaints": "list_complaints",
    "funding.complete": "disburse_loan", "funding.withdraw": "withdraw_loan", "funding.partners": "list_partners",
    "funding.bind_login": "bind_partner_login", "funding.own_portfolio": "get_own_portfolio",
    "funding.own_requests": "list_own_requests", "funding.own_settlement": "get_own_settlement",
    "approvals.decide": "decide_approval", "approvals.waiting": "list_approvals", "approvals.own": "list_own_approvals",
    "approvals.draft": "get_approval",
    "lending.roll": "list_all_loans", "lending.falling_due": "list_due_instalments", "savings.roll": "list_all_deposits",
    "savings.maturing": "list_maturing_deposits", "payments.rail_payments": "list_rail_payments",
    "ledger.chart": "list_chart_groups", "ledger.margins": "list_guard_margins", "jobs.failed": "list_failed_jobs",
    "assurance.entry_evidence": "get_entry_evidence", "identity.sessions_of": "list_sessions_of_customer",
    "errands.unanswered": "list_unanswered_errands", "kernel.steps_of_day": "list_steps_of_day",
    "assurance.package_loan": "make_evidence_package", "assurance.log_key": "get_log_key",
    "assurance.log_checkpoint": "get_checkpoint", "assurance.log_consistency": "prove_log_consistency",
    "assurance.log_inclusion": "prove_log_inclusion",
    "identity.own_sessions": "list_sessions", "identity.staff": "list_logins",
    "identity.program_keys": "list_api_keys", "products.loans_in_force": "list_loan_products",
    "savings.open": "open_deposit", "savings.pay_in": "pay_in_deposit", "savings.withdraw": "withdraw_deposit",
    "savings.close": "close_deposit", "savings.notify": "give_notice", "savings.renew": "renew_deposit",
    "savings.publish": "publish_deposit_product", "savings.on_offer": "list_deposit_products",
    "savings.offer": "get_deposit_product",
    "savings.rates": "get_rate_board", "savings.holidays": "list_holidays", "savings.deposits": "list_deposits",
    "savings.cover": "get_insurance_cover", "savings.deposit": "get_deposit", "savings.worth": "get_deposit_worth",
    "savings.interest": "list_interest", "savings.deposit_statement": "get_deposit_statement",
    "savings.printed_statement": "get_deposit_statement_pdf",
    "savings.printed_certificate": "get_interest_certificate_pdf",
    "savings.fund_subscribe": "buy_fund_units", "savings.fund_redeem": "redeem_fund_units",
    "savings.fund_redeem_now": "redeem_fund_units_now", "savings.fund_cancel": "cancel_fund_order",
    "savings.fund_found": "found_fund", "savings.funds": "list_funds",
    "savings.fund_declare_asset": "declare_fund_asset", "savings.fund_retire_asset": "retire_fund_asset",
    "savings.fund_pay_fee": "pay_fund_fee", "savings.fund_figures": "get_fund_figures",
    "savings.fund_assets": "list_fund_assets", "savings.fund_holdings": "list_fund_holdings",
    "savings.fund_statement": "list_fund_orders", "savings.fund_order": "get_fund_order",
    "savings.earned": "list_earnings", "savings.course": "get_deposit_course",
    "savings.not_allowed": "list_refused_terms",
    "savings.fund_own_income": "list_fund_income",
    "savings.sweeps": "list_sweeps", "savings.groups": "list_groups", "savings.group": "get_group",
    "ask_code": "ask_code", "register": "register_person", "log_in": "open_session", "log_out": "end_current_session",
    "change_password": "change_password", "ask_phone_change": "ask_phone_change", "change_phone": "change_phone",
    "ask_presence": "ask_presence", "attend": "attend_by_code", "find_by_code": "find_by_help_code", "find_payee": "find_payee",
    "arrange_funding": "arrange_funding",
    "close_business_day": "close_day", "get_comparison": "compare_products", "get_pledge_advice": "get_pledge_advice",
}  # fmt: skip
"""By the name of the route; any other is called as its own name says after the dot (``give_consent``)."""

TAGS: Mapping[str, str] = {
    "identity": "The way in: codes, registrations, sessions, passwords, staff logins and API keys.",
    "parties": "Persons and organisations, proof of who they are, presence at a counter.",
    "payments": "Wallets, transfers, and money to and from other banks.",
    "savings": "Deposits, their products, rates and papers; pooled funds; sweeps and group purchases.",
    "credit": "Consents, payment histories, decisions with their reasons, disputes and reviews.",
    "lending": "Applications, offers, contracts, repayments.",
    "funding": "Who lends: the own book and partner lenders.",
    "products": "What the bank lends, as terms.",
    "bank": "What the bank says of itself.",
    "approvals": "Drafts that wait for a second person.",
    "ledger": "Accounts, entries, trial balance; an outside core's own books.",
    "kernel": "The business date and its close.",
    "jobs": "What runs later, and did not.",
    "errands": "What the bank asked of the outside, and nobody has answered yet.",
    "assurance": "The evidence log, its proofs, and the evidence package of a loan.",
}
"""What each tag is about, in the order in which a reader wants them."""

SCHEMAS: Mapping[str, str] = {
    "farthing__lending__model__Offer": "LoanOffer",
    "farthing__savings__fund__commands__Offer": "NextDayOffer",
    "farthing__products__model__Published": "PublishedProduct",
    "farthing__savings__fund__commands__Published": "FundFigures",
    "farthing__ledger__overview__service__Group": "ChartGroup",
    "farthing__savings__sweeps__model__Group": "Group",
    "farthing__credit__insight__model__Inquiry": "BureauInquiry",
    "farthing__funding__model__Inquiry": "Inquiry",
    "LedgerPostItem": "EntryItem", "LedgerPostBatch": "EntryBatch", "LedgerPostAnswer": "EntryAnswer",
    "LedgerPostAnswers": "EntryAnswers",
    "PaymentsTransferItem": "TransferItem", "PaymentsTransferBatch": "TransferBatch",
    "PaymentsTransferAnswer": "TransferAnswer", "PaymentsTransferAnswers": "TransferAnswers",
}  # fmt: skip
"""Types of several packages that share a name, and what is made for a batch, by a short name each."""


def operation_id(route: str) -> str:
    """What a route's operation is called outside."""
    return OPERATIONS.get(route) or route.rpartition(".")[2]
