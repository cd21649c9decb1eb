"""Own what a credit costs: the flows of money, the one rate at which they are worth nothing, and what laws make of it."""
