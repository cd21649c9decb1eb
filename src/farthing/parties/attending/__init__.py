"""Own the attendance at the counter: a customer proves to a member of staff that it is there."""
