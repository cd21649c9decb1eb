"""Everything that savings keeps, derived again and compared."""
