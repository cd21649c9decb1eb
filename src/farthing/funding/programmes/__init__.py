"""Agreements with partner lenders: which loans each takes its part of, in which order they are called, and how much at once."""
