"""What people read from the books: balances on both time axes, statements, entries, the trial balance."""
