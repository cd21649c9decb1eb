"""The verification of loans: what is owed, three times over."""
