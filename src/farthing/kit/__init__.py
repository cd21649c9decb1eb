"""The ground everybody stands on: money, rates, calendar, ids, canonical JSON, errors, keys. Never asks the bank's database."""
