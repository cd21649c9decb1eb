"""Who holds the key of a one-time certificate while it signs: her browser, the server for her passkey or for two of the staff."""
