"""Payments to merchants and debits that their payer disputes: evidence, clocks, two stages at most, and where the money ends."""
