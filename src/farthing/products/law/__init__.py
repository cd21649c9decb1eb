"""The law in force as people read it: each figure of the policy pack with its article, and what is in force beside it."""
