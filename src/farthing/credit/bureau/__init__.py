"""Credit bureaus: the port, its HTTP client and its sandbox peer, and the errand that asks."""
