"""Own the routes of supply-chain finance: invoices, confirmed payables, their pieces, transfers, money against them, payment."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.supply import advancing_service as advances
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import paying_service as paying
from farthing.supply import reading_service as reading
from farthing.supply import service as supply

router = router_of("/v1")

post(router, "/invoices", supply.register_invoice)
post(router, "/debtor-grades", supply.grade_debtor)
post(router, "/payable-confirmations", confirming.ask_confirmation)
post(router, "/receivables", confirming.enter)
post(router, "/receivable-transfers", passing.offer_transfer)
post(router, "/receivable-transfer-completions", passing.complete_transfer)
post(router, "/receivable-transfer-withdrawals", passing.end_transfer)
post(router, "/receivable-advances", advances.ask_advance)
post(router, "/receivable-releases", advances.release)
post(router, "/receivable-payments", paying.pay, money=True)
get(router, "/receivables", reading.all_receivables, "after", "limit")
get(router, "/receivables/{receivable_id}", reading.case)
get(router, "/debtor-grades/{party_id}", reading.debtor)
get(router, "/parties/{party_id}/invoices", supply.invoices, "limit")
get(router, "/parties/{party_id}/invoices-received", supply.invoices_to, "limit")
get(router, "/parties/{party_id}/receivable-pieces", reading.pieces, "limit")
get(router, "/parties/{party_id}/receivables-to-sign", reading.to_sign, "limit")
get(router, "/parties/{party_id}/receivables/{receivable_id}", reading.receivable)
get(router, "/parties/{party_id}/invoices/{invoice_id}", supply.invoice)
get(router, "/parties/{party_id}/payables", reading.payables, "limit")
get(router, "/parties/{party_id}/receivable-transfers", passing.transfers, "limit")
