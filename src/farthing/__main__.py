"""``python -m farthing``: the same as the command ``farthing``."""

from farthing.cli import main

if __name__ == "__main__":
    main()
