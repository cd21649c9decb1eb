"""Own what customers say: complaints, praise, ideas and questions; and what becomes of it."""

"""What people say to their bank and decide with it: cases, topics, proposals, ballots."""
