"""When the bank's money comes back and when it may be asked for: a ladder at each month's end, and limits."""
