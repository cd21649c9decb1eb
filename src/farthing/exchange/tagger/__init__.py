"""The process that evaluates blinded points under a key of each purpose and quarter, counts, and learns neither id nor tag."""
