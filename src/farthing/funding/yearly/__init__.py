"""A lender's year: what he had of each loan, for his tax return and for himself."""
