"""Loans whose rate follows a reference rate: set anew on their days by the close, and shown."""
