"""Grow the city in a simulated bank: its wishes become the operations that everyone uses, in bulk, day by day."""
