"""Plans of repayment: terms, the days on which they fall due, what interest a period bears, and the schedule. Pure."""
