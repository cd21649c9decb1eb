"""Own the SQL of how an actor's pages look: the table ``login_look``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Row, Tx

KEEP_LOOK: LiteralString = """
    INSERT INTO login_look AS kept (id, language, theme, care) VALUES (%(id)s, %(language)s, %(theme)s, %(care)s)
    ON CONFLICT (id) DO UPDATE SET language = coalesce(EXCLUDED.language, kept.language),
        theme = coalesce(EXCLUDED.theme, kept.theme), care = coalesce(EXCLUDED.care, kept.care)
"""
FIND_LOOK: LiteralString = "SELECT language, theme, care FROM login_look WHERE id = %(id)s"
FORGET_LOOK: LiteralString = "DELETE FROM login_look WHERE id = %(id)s"


def keep_look(tx: Tx, actor_id: str, language: str | None, theme: str | None, care: bool | None) -> None:
    """Keep how an actor's pages look; what is none stays as it was."""
    tx.execute(KEEP_LOOK, {"id": actor_id, "language": language, "theme": theme, "care": care})


def look_of(tx: Tx, actor_id: str) -> Row | None:
    """How an actor's pages look, where something was chosen."""
    return tx.maybe(FIND_LOOK, {"id": actor_id})


def forget_look(tx: Tx, actor_id: str) -> None:
    """Forget how an actor's pages looked."""
    tx.execute(FORGET_LOOK, {"id": actor_id})
