"""Keys, and what is done with them: suites of algorithms, keys in files and in tokens (PKCS#11), envelopes for what is kept."""
