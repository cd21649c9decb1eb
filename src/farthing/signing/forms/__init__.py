"""Business formats: what a contract's form asks of whoever signs, and whether a contract meets it."""
