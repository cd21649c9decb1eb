"""Supply-chain finance."""
