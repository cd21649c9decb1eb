"""Bank statements in ISO 20022 (camt.053.001.08): what they are, how they are written and read, and what is refused of them."""
