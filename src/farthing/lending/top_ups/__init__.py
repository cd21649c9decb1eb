"""Asking for more on a running loan: a new loan pays it off to the day and hands out the rest."""
