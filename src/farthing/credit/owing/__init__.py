"""What a party owes here or has accepted: the register that every limit is reckoned against."""
