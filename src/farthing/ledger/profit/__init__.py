"""What the bank earned and spent in a period, posting by posting, and for how long money lay where it lay."""
