"""The marketplace: lenders, their mandates, listings of loans, and the batches in which these clear."""
