"""The HTTP API under ``/v1``: parses, runs operations, renders answers. Never decides and never speaks SQL."""
