"""Passkeys: keys of a person's own that sign in, and confirm what was shown."""
