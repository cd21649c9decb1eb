"""Who funds a loan: the own book and partner lenders. Never decides credit."""
