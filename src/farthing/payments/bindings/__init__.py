"""Own cards and accounts of other banks that are bound to a customer: proved, chosen instead of typed, and let go."""
