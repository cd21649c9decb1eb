"""What becomes of money by rail: facts as a rail tells them, in whatever order and however often, and what each posts."""
