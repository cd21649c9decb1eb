"""Renewal of time stamps: before the last one over a contract can no longer be checked, another is set over all of it."""
