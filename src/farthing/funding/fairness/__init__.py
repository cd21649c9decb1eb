"""How fairly the marketplace treats its lenders, and how true its valuations were: figures for everybody."""
