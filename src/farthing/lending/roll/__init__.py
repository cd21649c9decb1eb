"""Every loan, for the bank's own staff: filtered, summed, and what falls due."""
