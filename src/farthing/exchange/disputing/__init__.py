"""Disputes of a person with what a report says of her: clocks, marks, outcomes, and who is told of a correction."""
