"""The ground everybody stands on: money, rates, calendar, ids, canonical JSON, errors, keys. Only ``client`` and ``keys`` do I/O."""
