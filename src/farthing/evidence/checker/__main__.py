"""Run the checker: ``python3 -m checker PACKAGE.zip [--trust FILE] [--json]``."""

import sys

from .main import main

sys.exit(main(sys.argv[1:]))
