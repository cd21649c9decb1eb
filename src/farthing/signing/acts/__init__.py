"""Acts of signing: a contract is certified, signed and sealed by errand, with no transaction open meanwhile."""
