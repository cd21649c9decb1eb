"""The door named operator."""
