"""What the close of a day would do to savings, told beforehand."""
