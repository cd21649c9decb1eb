"""Own the review of a decision by a person: a customer asks in its own words, somebody of the staff answers in theirs.

A review records and never changes a decision: a customer whom it helps applies anew.
"""
