"""Who the lenders of a loan's marketplace part are, and what each of them is given. Never matches money with loans."""
