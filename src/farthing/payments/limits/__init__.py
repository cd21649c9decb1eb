"""Own what one person pays by himself: in a day, in a year, and to somebody whom he never paid before."""
