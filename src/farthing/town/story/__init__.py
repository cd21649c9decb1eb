"""Stories: one person's way through the bank, from end to end, on real components."""
