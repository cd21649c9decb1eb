"""Contested contracts: a party says that it is not bound; what is in dispute stands still until two of the staff have decided."""
