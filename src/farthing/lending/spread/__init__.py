"""What lending earns: interest and fees less what the money costs inside the bank, what is set aside and what is lost."""
