"""Own cash at agents: shops that take cash into wallets and give it out of them, from a float, with or without a network."""
