"""Offers: what the bank would lend now, and what it costs."""
