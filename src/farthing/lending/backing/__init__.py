"""What stands behind a loan besides its borrower: guarantors, pledged deposits, and things that secure it."""
