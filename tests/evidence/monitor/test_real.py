"""``farthing monitor`` over a real bank: a database that was rewritten, and a second signer with a copied key, alarm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.evidence import merkle, note, service
from farthing.evidence.note import COSIGNATURE, Ed25519Signer, VerifierKey
from farthing.evidence.witness import LogWitness
from tests.conftest import Bank
from tests.doors import serving
from tests.evidence.made import cosigned, publish
from tests.evidence.peers import serving as witnessing
from tests.log_signers import LOG, VKEY, sign_checkpoint

REWRITTEN = (
    "UPDATE evidence_leaf SET body = replace(convert_from(body,'UTF8'),'\"n\":3','\"n\":4')::bytea WHERE kind = 'test'"
)


def grown(commit: Any, leaves: int) -> str:
    commit(lambda tx: service.append_many(tx, [("test", {"n": n}) for n in range(leaves)]))
    return str(commit(publish).note)


def told(*words: object) -> tuple[int, list[str]]:
    """The exit code of ``farthing monitor``, and what it found."""
    run = CliRunner().invoke(app, ["monitor", *map(str, words), "--json"])
    found = json.loads(run.output)
    assert found["clean"] == (not found["findings"])
    return run.exit_code, [each["what"] for each in found["findings"]]


@pytest.mark.long
def test_a_planted_fork_alarms_and_a_clean_history_does_not(bank: Bank, commit: Any, tmp_path: Path) -> None:
    key = Ed25519Signer("witness.example", b"w" * 32)
    witness = LogWitness(key, VKEY, lambda: 1_800_000_000)
    trust = tmp_path / "trust.txt"
    trust.write_text(f"{VKEY}\n{VerifierKey(key.name, key.public, COSIGNATURE)}\n")
    with serving(bank) as base, witnessing(witness) as beside:
        asked = ("--log", base, "--keep", tmp_path / "kept", "--trust", trust, "--cosigned", 1, "--fresh-hours", 1)
        held = tmp_path / "held.txt"
        for leaves in (1, 4, 7):
            held.write_text(grown(commit, leaves))
            commit(lambda tx: cosigned(tx, service.latest_checkpoint(tx), witness))
            assert told(*asked, "--witness", beside, held) == (0, [])
        plain = CliRunner().invoke(app, ["monitor", *map(str, asked)], env={"LC_ALL": "C.UTF-8"})
        assert plain.exit_code == 0 and "lie on one line" in plain.output

        second = tmp_path / "second.txt"  # a second signer with a copy of the key, over a history of its own
        second.write_text(sign_checkpoint(note.TreeHead(LOG.name, 9, b"s" * 32), LOG))
        other = tmp_path / "other"
        assert told(*asked[:3], other, *asked[4:], second) == (1, ["monitor.fork"])

        _rewritten(bank)  # as it was restored, changed, and signed again by whoever has the key
        grown(commit, 30)
        code, found = told(*asked[:6])
        assert code == 1 and set(found) == {"monitor.fork"}
        lines = CliRunner().invoke(app, ["monitor", *map(str, asked[:4])]).output.splitlines()
        assert len(lines) == len(found) and all("monitor.fork" in line for line in lines)
    assert told(*asked[:4])[1] == ["monitor.unreachable"] * 2


def _rewritten(bank: Bank) -> None:
    with bank.superuser() as owner:
        places = owner.execute("SELECT leaf_id FROM evidence_position ORDER BY id").fetchall()
        owner.execute(REWRITTEN)
        for table in ("position", "node", "checkpoint", "cosignature", "pending"):
            owner.execute(f"TRUNCATE evidence_{table}")
        owner.execute("UPDATE evidence_head SET size = 0, root = sha256('')")
        for (ident,) in places:
            (content,) = owner.execute("SELECT body FROM evidence_leaf WHERE id = %s", [ident]).fetchone() or (b"",)
            owner.execute("INSERT INTO evidence_pending VALUES (%s, %s)", [ident, merkle.leaf_hash(bytes(content))])


def test_keys_that_name_no_log_are_refused(tmp_path: Path) -> None:
    trust = tmp_path / "trust.txt"
    trust.write_text(f"{VKEY}\n{VerifierKey('another.example/log', LOG.public)}\n")
    asked = ["monitor", "--log", "http://127.0.0.1:1", "--keep", str(tmp_path / "kept"), "--trust", str(trust)]
    run = CliRunner().invoke(app, asked)
    assert run.exit_code != 0
    assert getattr(run.exception, "code", "") == "commands.monitor_keys" or "monitor_keys" in run.output
