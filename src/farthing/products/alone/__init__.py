"""Own what one member of staff alone may let go of a customer's money in a day."""
