"""The books: accounts, journal entries, holds and guards. One door for every change of money."""
