"""What a partner lender sees of its own, by the logins of its people."""
