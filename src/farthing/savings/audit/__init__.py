"""Verify deposits against the ledger: every figure is derived again from the postings. Never repairs."""
