"""The door named counter."""
