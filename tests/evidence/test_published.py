"""The log's key, checkpoints and proofs are at a public door; a checkpoint that was kept is compared with the log."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from farthing.evidence import merkle, note, service
from farthing.evidence.audit.service import compare
from farthing.identity.roles import ROLES
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.doors import serving
from tests.evidence.made import publish
from tests.log_signers import LOG, sign_checkpoint


def grown(commit: Any, leaves: int) -> str:
    commit(lambda tx: service.append_many(tx, [("test", {"n": n}) for n in range(leaves)]))
    return commit(publish).note


def codes(bank: Bank, text: str) -> list[str]:
    return [each.what for each in bank.kernel.read(lambda tx: compare(tx, text), snapshot=True)]


def test_a_kept_checkpoint_is_the_beginning_of_the_log(bank: Bank, commit: Any) -> None:
    kept = [grown(commit, leaves) for leaves in (1, 2, 5, 8, 3)]
    assert [codes(bank, each) for each in kept] == [[]] * 5


def test_a_log_that_was_made_again_is_found(bank: Bank, commit: Any, database_url: str) -> None:
    """A leaf rewritten, tree and checkpoints made again with the key in the database: the log agrees with itself."""
    old = grown(commit, 5)
    with psycopg.connect(database_url, autocommit=True) as owner:
        bodies = owner.execute("SELECT leaf_id FROM evidence_position ORDER BY id").fetchall()
        owner.execute("UPDATE evidence_leaf SET body = replace(convert_from(body,'UTF8'),'\"n\":3','\"n\":4')::bytea")
        for table in ("position", "node", "checkpoint"):
            owner.execute(f"TRUNCATE evidence_{table}")
        owner.execute("UPDATE evidence_head SET size = 0, root = sha256('')")
        for (ident,) in bodies:
            (body,) = owner.execute("SELECT body FROM evidence_leaf WHERE id = %s", [ident]).fetchone() or (b"",)
            owner.execute("INSERT INTO evidence_pending VALUES (%s, %s)", [ident, merkle.leaf_hash(bytes(body))])
    new = grown(commit, 2)
    assert not bank.read(service.verify).findings
    assert codes(bank, new) == []
    assert codes(bank, old) == ["checkpoint.root"]


def test_a_log_that_lost_its_end_and_a_stranger_s_checkpoint(bank: Bank, commit: Any) -> None:
    grown(commit, 3)
    signer = LOG
    longer = sign_checkpoint(note.TreeHead(signer.name, 9, b"x" * 32), signer)
    assert codes(bank, longer) == ["checkpoint.size"]
    other = note.Ed25519Signer(signer.name, b"o" * 32)
    assert codes(bank, sign_checkpoint(note.TreeHead(signer.name, 2, b"x" * 32), other)) == ["checkpoint.signature"]
    with pytest.raises(Refusal, match=r"evidence.malformed_note"):
        codes(bank, "no checkpoint")


def test_anybody_may_ask_for_key_checkpoint_and_proofs(bank: Bank, commit: Any) -> None:
    with serving(bank) as base:
        early = httpx.get(f"{base}/v1/log/checkpoint")
        old = note.parse_checkpoint(grown(commit, 5))
        new = note.parse_checkpoint(grown(commit, 4))
        key = note.VerifierKey.parse(httpx.get(f"{base}/v1/log/key").json()["vkey"])
        said = httpx.get(f"{base}/v1/log/checkpoint").json()
        assert note.verify(said["note"], key) is note.NoteStatus.VERIFIED
        assert note.parse_checkpoint(said["note"]) == new
        first = httpx.get(f"{base}/v1/log/checkpoint", params={"size": old.size}).json()
        assert first["root"] == old.root.hex()
        asked = {"old": old.size, "new": new.size}
        proof = [bytes.fromhex(each) for each in httpx.get(f"{base}/v1/log/consistency", params=asked).json()["hashes"]]
        assert merkle.verify_consistency(old.size, new.size, old.root, new.root, proof) is merkle.ProofStatus.VERIFIED
        leaf = commit(lambda tx: service.append(tx, "late", {"n": 1}))
        inside = httpx.get(f"{base}/v1/log/inclusion", params={"leaf": leaf})
        commit(publish)
        proven = httpx.get(f"{base}/v1/log/inclusion", params={"leaf": leaf}).json()["proof"]
        position, path, text = note.parse_proof(proven)
        body = commit(lambda tx: service.leaf(tx, leaf)).body
        head = note.parse_checkpoint(text)
        status = merkle.verify_inclusion(position, head.size, merkle.leaf_hash(body), path, head.root)
        assert status is merkle.ProofStatus.VERIFIED
        far = [httpx.get(f"{base}/v1/log/checkpoint", params={"size": size}).status_code for size in (-1, 3, 2**70)]
        assert (early.status_code, inside.status_code) == (404, 404)
        assert set(far) <= {400, 404}


def test_who_publishes_and_who_gets_a_package() -> None:
    assert "evidence:publish" in ROLES["auditor"]
    assert "evidence:read" in ROLES["customer"]
    assert "evidence:read_any" not in ROLES["customer"]
    assert {"evidence:read", "evidence:read_any"} <= ROLES["auditor"]
