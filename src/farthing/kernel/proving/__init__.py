"""Proof that a person wants this very thing: a challenge over what was shown, asked for, answered, and used once."""
