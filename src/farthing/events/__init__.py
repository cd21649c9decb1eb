"""Own the bank's public events: what happened, read off the evidence log, and the webhooks that are told of it."""
