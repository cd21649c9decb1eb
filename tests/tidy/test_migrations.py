"""Migrations keep to what a running bank survives (decision 0022): they add; what is taken away goes last, by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from farthing.db.migrate import AFTER, FOLDER, revisions
from tests.tidy.tree import nothing

SINCE = "0040"
"""Everything before it is the first release's, which nobody ran the release before of."""

FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)", re.IGNORECASE)
TAKES_AWAY = {
    "drops what the release before needs": r"\bDROP (?:TABLE|COLUMN|FUNCTION|INDEX|VIEW)\b",
    "renames what the release before knows": r"\bRENAME\b",
    "asks for what the release before does not write": (
        r"\bSET NOT NULL\b|\bADD COLUMN (?:(?!;|,|DEFAULT).)*NOT NULL(?:(?!;|,|DEFAULT).)*[;,]"
    ),
    "checks what the release before may not keep": r"\bADD (?:CONSTRAINT \w+ )?CHECK\b(?:(?!;).)*;",
    "changes a type under the release before": r"\bALTER COLUMN \w+ (?:SET DATA )?TYPE\b",
    "takes a right away": r"\bREVOKE\b",
}


def complaints(name: str, text: str, functions: set[str]) -> list[str]:
    """What a running bank would not survive in a migration; ``functions`` are those that earlier ones made."""
    text = re.sub(r"--[^\n]*", "", text)
    found = []
    for each in FUNCTION.findall(text):
        if each in functions:
            found.append(
                f"{name} changes {each}, which the release before calls: give the new one a name with its version"
            )
    if not name.endswith(AFTER):
        for why, pattern in TAKES_AWAY.items():
            if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
                found.append(f"{name} {why}: do that in a migration named {name}{AFTER}")
    return found


def test_migrations_add_and_take_away_apart() -> None:
    functions: set[str] = set()
    found = []
    for name in revisions():
        text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        if name > SINCE:
            found += complaints(name, text, functions)
        functions |= set(FUNCTION.findall(text))
    nothing(found)


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE a DROP COLUMN b;",
        "DROP TABLE a;",
        "ALTER TABLE a RENAME COLUMN b TO c;",
        "ALTER TABLE a ALTER COLUMN b SET NOT NULL;",
        "ALTER TABLE a ADD COLUMN b text NOT NULL;",
        "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);",
        "ALTER TABLE a ALTER COLUMN b TYPE text;",
        "REVOKE SELECT ON a FROM farthing_app;",
        "CREATE OR REPLACE FUNCTION known(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a $$;",
    ],
)
def test_what_a_running_bank_would_not_survive_is_named(text: str) -> None:
    assert complaints("0041_bad", text, {"known"})


def test_what_adds_is_left_alone() -> None:
    text = """
    -- never DROP TABLE a
    CREATE TABLE a (b text NOT NULL CHECK (b <> ''));
    ALTER TABLE c ADD COLUMN d integer NOT NULL DEFAULT 0;
    CREATE FUNCTION known_v2(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a $$;
    """
    assert complaints("0041_good", text, {"known"}) == []
    assert complaints(f"0041_good{AFTER}", "DROP FUNCTION known(integer);", {"known"}) == []


def numbering(names: Sequence[str], handles: Sequence[str]) -> list[str]:
    """What is wrong with how migrations are numbered: each has a number of its own, and each SQL file has Alembic's handle
    of the same name. Two branches that each took the next free number meet here."""
    found = [f"{name} has no handle in versions" for name in names if name not in handles]
    found += [f"versions/{name}.py has no SQL file" for name in handles if name not in names]
    numbers = Counter(name[:4] for name in names)
    found += [f"{name} shares its number: take the next free one" for name in names if numbers[name[:4]] > 1]
    return found + [f"{name} has no number of four digits" for name in names if not re.match(r"[0-9]{4}_", name)]


def test_each_migration_has_a_number_of_its_own() -> None:
    nothing(numbering(revisions(), sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))))


@pytest.mark.parametrize(
    ("names", "handles"),
    [
        (["0001_a", "0002_b", "0002_c"], ["0001_a", "0002_b", "0002_c"]),
        (["0001_a", "02_b"], ["0001_a", "02_b"]),
        (["0001_a", "0002_b"], ["0001_a"]),
        (["0001_a"], ["0001_a", "0002_b"]),
    ],
)
def test_a_number_taken_twice_and_a_handle_left_out_are_named(names: list[str], handles: list[str]) -> None:
    assert numbering(names, handles)


def test_the_migrations_are_one_line_from_the_first_to_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    script = ScriptDirectory.from_config(config)
    assert [each.revision for each in script.walk_revisions()] == revisions()[::-1]
    assert script.get_heads() == [revisions()[-1]] and script.get_bases() == [revisions()[0]]
    assert [each.down_revision for each in script.walk_revisions()] == [*revisions()[-2::-1], None]
