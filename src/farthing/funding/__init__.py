"""Who funds a loan: the own book, partner lenders and (later) the marketplace. Never decides credit."""
