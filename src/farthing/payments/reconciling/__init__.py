"""How two books of one account are compared, whoever keeps the other one: lines matched, differences named, breaks worked off."""
