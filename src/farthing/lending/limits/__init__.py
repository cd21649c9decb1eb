"""What bounds the bank's own lending as a whole: its capital, what one borrower or those that belong together may owe."""
