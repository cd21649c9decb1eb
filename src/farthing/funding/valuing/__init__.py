"""Valuing: what a loan, or many of them, may come to for whoever lends; pure arithmetic from a published curve."""
