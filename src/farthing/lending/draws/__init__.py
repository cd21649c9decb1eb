"""What was agreed and is not paid out yet: asked for later by the borrower, given back, or let go after its last day."""
