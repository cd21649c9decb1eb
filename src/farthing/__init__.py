"""Farthing: an open platform for inclusive finance.

Read ``ARCHITECTURE.md`` for the order of the packages. Each package owns one business noun and keeps the
same file names: ``model`` (nouns), ``rules`` (pure verbs), ``store`` (SQL), ``service`` (the shell).
"""

__version__ = "0.1.0"
