"""Proof by a code that goes to a phone."""
