"""A loan's contract: its words, its signatures, and the money paid out on it."""
