"""The door named partner."""
