"""Own the code that a customer shows at a counter, so that a member of staff finds her."""
