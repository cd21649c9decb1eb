"""What is done to a loan over its life."""
