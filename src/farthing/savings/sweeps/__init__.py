"""Money that goes into savings by itself: odds and ends, and tiers bought together."""
