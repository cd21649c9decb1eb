"""Inquiries of members: answered only under a consent, written down for the person, and remembered for corrections."""
