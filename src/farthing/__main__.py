"""``python -m farthing`` is the command line."""

from farthing.cli import main

main()
