"""Own the erasure of a person: what is personal goes from every home it has."""
