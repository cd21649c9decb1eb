"""Bring a person's history from another institution that keeps it, as she lets us: the bank as a client of open banking."""
