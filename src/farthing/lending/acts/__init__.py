"""What a bank does to a loan over its whole life, beside paying it out and being repaid."""
