"""Own how long a draft waits for its second person, which the policy in force says."""
