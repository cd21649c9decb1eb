"""The law that a node lives under: how long a dispute may take, what is not shown any more, free reports. All of it data."""
