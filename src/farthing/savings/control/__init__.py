"""What the deposits that live add up to, product by product: the lines of the books, and what they need of a board."""
