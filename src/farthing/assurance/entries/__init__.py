"""Entries of the books as evidence: where the log says one, and what proves it."""
