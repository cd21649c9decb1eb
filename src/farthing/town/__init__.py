"""The simulated city: a founded bank, its sandbox peers, and the stories told on it. Never used by a real deployment."""
