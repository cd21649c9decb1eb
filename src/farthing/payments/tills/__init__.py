"""Own tills and their drawers: whose cash is in which drawer, counted, handed over, and never moved by nobody."""
