"""What of the books another bank takes over: accounts, and the entries that moved them, in the order in which they did."""
