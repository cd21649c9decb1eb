"""Own the wait before a phone that was changed at a counter counts, which the policy in force says."""
