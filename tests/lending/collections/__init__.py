"""How late borrowers are spoken to."""
