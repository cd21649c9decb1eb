"""The ground everybody stands on: money, rates, calendar, ids, canonical JSON and errors. Never does I/O but in ``client`` and ``keys``."""
