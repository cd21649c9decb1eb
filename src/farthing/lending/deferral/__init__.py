"""Fees that are earned over a loan's life: what was paid of them and is not earned yet is owed, and no income."""
