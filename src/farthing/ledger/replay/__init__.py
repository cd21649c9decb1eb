"""Replay a list of commands, given as JSON lines, against a ledger of its own: experiments and other ledgers' tests."""
