"""The close of a day for loans, by sets and by the fold."""
