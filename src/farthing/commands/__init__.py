"""The groups of the command line, one file a group; :mod:`farthing.cli` puts them together."""
