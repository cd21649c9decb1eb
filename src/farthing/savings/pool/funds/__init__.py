"""Funds themselves: founding, the trading calendar, what is published."""
