"""Own prudential figures: each a pure function of books, loans, policy and date, with rule, article and its inputs' digest."""
