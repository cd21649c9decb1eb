"""A marketplace of made-up lenders and borrowers, in bulk: for the lender's story. Never for a bank at work."""
