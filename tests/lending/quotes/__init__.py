"""Loans quoted without a server: beside another core, by laws, and by the guide."""
