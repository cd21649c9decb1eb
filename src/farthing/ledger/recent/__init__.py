"""The latest lines of accounts, many accounts at a time, as a decision needs them before it posts."""
