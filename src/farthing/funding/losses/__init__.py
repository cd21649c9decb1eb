"""What a lender lost so far, beside all that he might have lost as his loans were valued."""
