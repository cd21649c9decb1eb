"""Alembic's handle on the SQL file of the same name."""

from farthing.db.migrate import sql_revision

revision, down_revision, upgrade = sql_revision(__file__)
