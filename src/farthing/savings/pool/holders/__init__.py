"""Holdings and orders of a fund's holders, as they are kept."""
