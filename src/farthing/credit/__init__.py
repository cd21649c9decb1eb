"""Credit: consent, payment bills, features, scorecards, the bureau port, and decisions that can be replayed."""
