"""Codes of an app beside the password, for whoever has no passkey, and recovery codes for whoever has lost the app."""
