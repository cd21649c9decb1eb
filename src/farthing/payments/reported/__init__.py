"""Payments that are reported as fraud: what is left of their money is traced and frozen, then given back or freed."""
