"""Own the keyring: a key a person, outside the database and every copy of it. A destroyed key never comes back."""
