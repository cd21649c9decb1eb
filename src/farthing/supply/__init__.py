"""Supply-chain finance: a payable that the core company confirmed is split, passed on, lent against, and paid when it is due."""
