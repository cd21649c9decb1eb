"""Own notices: a customer is told on the phone on file what was said or done in the customer's name."""
