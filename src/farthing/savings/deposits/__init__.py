"""Deposits in the bank: opened, paid into, drawn, closed; their day, their passbook, their papers."""
