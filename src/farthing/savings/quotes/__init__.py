"""What an amount would give: quotes, comparisons, advice; nobody's deposit is touched."""
