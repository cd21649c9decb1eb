"""The books from above: groups of accounts and their totals, and the room that is left under the limits over them."""
