"""Own the backup of a whole bank: one consistent dump of a living database, a manifest beside it, and the way back.

``pg_dump`` reads the snapshot in which the manifest's counts are taken, so that both say the same while others write.
Restoring needs an empty database and writes all or nothing. Never overwrites a backup, and never a bank.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from farthing.db.migrate import APP_ROLE_EXISTS, admit
from farthing.db.server import Unavailable, answering
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.words import Words

DUMP = "bank.dump"
MANIFEST = "manifest.json"
FORMAT = 1

EXISTS = conflict(
    "backup.exists", "{folder} holds something already; give a new folder.", "{folder} 已有内容；请另选目录。"
)
MISSING = not_found("backup.missing", "{folder} holds no backup.", "{folder} 中没有备份。")
DAMAGED = declined(
    "backup.damaged",
    "The backup in {folder} is damaged ({problem}); nothing was restored. Use another copy.",
    "{folder} 中的备份已损坏（{problem_zh}）；未作任何恢复，请使用另一份备份。",
)
NOT_EMPTY = conflict(
    "backup.not_empty",
    "The database has tables already; restore into an empty one (another FARTHING_HOME or FARTHING_DATABASE_URL).",
    "目标数据库已有数据表；请恢复到空库（另设 FARTHING_HOME 或 FARTHING_DATABASE_URL）。",
)
FAILED = declined("backup.failed", "{program} failed: {problem}.", "{program} 执行失败：{problem}。")

COUNTED = ("account", "entry", "posting", "hold", "evidence_leaf", "idempotency")

COUNT: LiteralString = """
SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM entry), (SELECT count(*) FROM posting),
    (SELECT count(*) FROM hold), (SELECT count(*) FROM evidence_leaf), (SELECT count(*) FROM idempotency)
"""
HEAD: LiteralString = "SELECT size, encode(root, 'hex') FROM evidence_head"
SNAPSHOT: LiteralString = (
    "SELECT pg_export_snapshot(), to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
)
REVISION: LiteralString = "SELECT version_num FROM alembic_version"
TABLES: LiteralString = (
    "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: rows counted in its own snapshot, the evidence tree it ends with, and the dump's digest."""

    format: int
    made_at: str
    revision: str
    server: str
    counts: dict[str, int]
    tree_size: int
    tree_root: str
    dump_bytes: int
    dump_sha256: str


@answering()
def backup(url: str, bin_path: Path | None, folder: Path) -> Manifest:
    """Dump the living bank at ``url`` into a new folder; refuses ``backup.exists`` and ``backup.failed``."""
    if folder.exists() and any(folder.iterdir()):
        raise EXISTS(folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # keys, hashes and people: for whoever keeps the bank alone
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot, made_at = _row(connection, SNAPSHOT)
        counts = dict(zip(COUNTED, _row(connection, COUNT), strict=True))
        size, root = _row(connection, HEAD)
        (revision,) = _row(connection, REVISION)
        partial = folder / f"{DUMP}.partial"
        run(
            bin_path, "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={partial}",
            f"--dbname={url}",
        )  # fmt: skip
        connection.execute("COMMIT")
        server = str(connection.info.server_version)
    partial.rename(folder / DUMP)
    manifest = Manifest(
        FORMAT, made_at, revision, server, counts, size, root, (folder / DUMP).stat().st_size, _digest(folder / DUMP)
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    (folder / MANIFEST).chmod(0o600)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose dump is whole; refuses ``backup.missing`` and ``backup.damaged``."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except OSError:
        raise MISSING(folder=str(folder)) from None
    try:
        manifest = Manifest(**json.loads(text))
    except (ValueError, TypeError):
        raise DAMAGED(folder=str(folder), problem="the manifest cannot be read", problem_zh="清单无法读取") from None
    if manifest.format != FORMAT:
        raise DAMAGED(
            folder=str(folder),
            problem=f"format {manifest.format} is not known here",
            problem_zh=f"不认识格式 {manifest.format}",
        )
    dump = folder / DUMP
    if not dump.is_file() or dump.stat().st_size != manifest.dump_bytes or _digest(dump) != manifest.dump_sha256:
        raise DAMAGED(
            folder=str(folder),
            problem=f"{DUMP} is not the file that the manifest names",
            problem_zh=f"{DUMP} 与清单不符",
        )
    return manifest


@answering()
def restore(url: str, bin_path: Path | None, folder: Path) -> Manifest:
    """Bring a backup into an empty database, whole or not at all.

    Refuses ``backup.missing``, ``backup.damaged``, ``backup.not_empty`` and ``backup.failed``.
    """
    manifest = read_manifest(folder)
    with psycopg.connect(url, autocommit=True) as connection:
        if _row(connection, TABLES) != (0,):
            raise NOT_EMPTY()
        connection.execute(APP_ROLE_EXISTS)
    run(
        bin_path, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={url}",
        str(folder / DUMP),
    )  # fmt: skip
    with contextlib.suppress(Unavailable):  # where this owner may not, whoever keeps the server makes the login
        admit(url)
    with psycopg.connect(url, autocommit=True) as connection:
        counts = dict(zip(COUNTED, _row(connection, COUNT), strict=True))
        head = _row(connection, HEAD)
        connection.execute("ANALYZE")
    if counts != manifest.counts or head != (manifest.tree_size, manifest.tree_root):
        raise DAMAGED(
            folder=str(folder),
            problem=f"restored {counts}, the manifest says {manifest.counts}",
            problem_zh=f"恢复得到 {counts}，清单为 {manifest.counts}",
        )
    return manifest


def _row(connection: psycopg.Connection[Any], query: LiteralString) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    if found is None:
        raise FAILED(program="SELECT", problem=Words("the database answered nothing", "数据库没有应答"))
    return tuple(found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(bin_path: Path | None, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs: the embedded server's own, else the one on the PATH."""
    found = bin_path / program if bin_path is not None else shutil.which(program)
    if found is None:
        raise FAILED(program=program, problem=Words("it is not installed", "尚未安装"))
    done = subprocess.run([str(found), *arguments], capture_output=True, text=True, umask=0o077, check=False)
    if done.returncode != 0:
        raise FAILED(program=program, problem=done.stderr.strip()[-500:])
