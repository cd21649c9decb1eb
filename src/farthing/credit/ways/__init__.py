"""What would change a decision: the smallest feasible change that gives another answer, each found by deciding once more."""
