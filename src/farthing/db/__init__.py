"""The one store: embedded PostgreSQL by default, any server by URL. Owns connections, ``Tx`` and migrations."""
