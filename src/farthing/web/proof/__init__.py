"""The door named proof."""
