"""Payment history: bills brought home, what became of each row, and what is new in them."""
