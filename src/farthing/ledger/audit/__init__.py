"""Verify the stored ledger against itself: every figure is derived again from the entries. Never repairs."""
