"""The passbook on paper: which lines of a deposit stand in it, on which page and in which row, and what is printed next."""
