"""Loans: offers, schedules, disbursement, repayment and its allocation. Never decides credit, never finds money."""
