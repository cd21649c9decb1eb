"""Proof of liabilities: each day one tree over what every customer is owed, by which each sees that his money was counted."""
