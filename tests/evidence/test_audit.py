"""``verify`` is silent on a whole log and names the record when any column of any table lost a bit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from farthing.evidence import note, service
from farthing.evidence.model import Personal
from farthing.evidence.witness import LogWitness
from farthing.kit.ids import IdSource
from tests.evidence.authority import Authority
from tests.evidence.made import published
from tests.log_signers import LOG

Commit = Callable[..., Any]
PARTY = "party_" + "0" * 25 + "2"


@pytest.fixture
def log(bank: Any, commit: Commit, authority: Authority) -> Commit:
    """A log with two checkpoints, a witness, kept and erased personal data, and a leaf that waits."""
    signer = LOG
    seed = IdSource(3).bits(256).to_bytes(32, "big")
    key = note.VerifierKey(signer.name, signer.public)
    witness = LogWitness(note.Ed25519Signer("witness.example/w1", seed), key, lambda: 1_800_000_000)
    commit(lambda tx: service.append(tx, "test.person", {"of": PARTY, "name": Personal("小满")}))
    commit(lambda tx: service.append(tx, "test.person", {"of": "party_" + "0" * 25 + "3", "name": Personal("阿强")}))
    commit(lambda tx: service.append_many(tx, [("test.happened", {"number": n}) for n in range(4)]))
    commit(lambda tx: service.erase(tx, PARTY, "asked"))
    commit(lambda tx: published(tx, authority, [witness]))
    commit(lambda tx: service.append_many(tx, [("test.happened", {"number": n}) for n in range(4)]))
    commit(lambda tx: published(tx, witnesses=[witness]))
    commit(lambda tx: service.append(tx, "test.waiting", {"name": Personal("等待")}))
    return commit


def test_a_whole_log_has_no_findings(log: Commit) -> None:
    told: list[tuple[int, int]] = []
    audit = log(lambda tx: service.verify(tx, lambda done, total: told.append((done, total))))
    assert audit.findings == ()
    assert (audit.leaves, audit.waiting, audit.checkpoints, audit.personal) == (12, 1, 2, 3)
    assert told[-1][0] == told[-1][1] == 15
    assert log(service.integrate) == 1
    assert log(service.verify).findings == ()


ALTER = "body = convert_to(replace(convert_from(body, 'UTF8'), ':3}', ':4}'), 'UTF8')"
SECOND = "(SELECT leaf_id FROM evidence_position WHERE id = 2)"
FLIP = "set_byte({0}, 0, get_byte({0}, 0) # 1)"
PLANTED: list[tuple[str, str]] = [
    ("leaf.position", "UPDATE evidence_leaf SET id = gen_random_uuid() WHERE kind = 'test.person'"),
    ("leaf.kind", "UPDATE evidence_leaf SET kind = 'test.persom' WHERE kind = 'test.person'"),
    ("leaf.recorded_at", "UPDATE evidence_leaf SET recorded_at = recorded_at + interval '1 microsecond'"),
    ("leaf.body", f"UPDATE evidence_leaf SET body = {FLIP.format('body')}"),
    ("leaf.hash", f"UPDATE evidence_leaf SET {ALTER}"),
    ("leaf.mentions", "UPDATE evidence_leaf SET mentions = '{}' WHERE kind = 'test.person'"),
    ("position.leaf_id", "DELETE FROM evidence_leaf WHERE kind = 'test.person'"),
    ("leaf.position", "DELETE FROM evidence_pending"),
    ("pending.id", "UPDATE evidence_pending SET id = gen_random_uuid()"),
    ("pending.hash", f"UPDATE evidence_pending SET hash = {FLIP.format('hash')}"),
    ("position.id", "UPDATE evidence_position SET id = 100 WHERE id = 3"),
    ("position.leaf_id", "UPDATE evidence_position SET leaf_id = gen_random_uuid() WHERE id = 3"),
    ("position.leaf_id", f"UPDATE evidence_position SET leaf_id = {SECOND} WHERE id = 3"),
    ("head.size", "DELETE FROM evidence_position WHERE id = 10"),
    ("node.hash", f"UPDATE evidence_node SET hash = {FLIP.format('hash')} WHERE id = 2"),
    ("leaf.hash", f"UPDATE evidence_node SET hash = {FLIP.format('hash')} WHERE id = 0"),
    ("node.missing", "DELETE FROM evidence_node WHERE id = 2"),
    ("node.missing", "UPDATE evidence_node SET id = 1000 WHERE id = 6"),
    ("node.count", "INSERT INTO evidence_node (id, hash) SELECT 1000, hash FROM evidence_node WHERE id = 6"),
    ("head.size", "UPDATE evidence_head SET size = size + 1"),
    ("head.root", f"UPDATE evidence_head SET root = {FLIP.format('root')}"),
    ("checkpoint.size", "UPDATE evidence_checkpoint SET id = 900 WHERE id = 11"),
    ("checkpoint.root", f"UPDATE evidence_checkpoint SET root = {FLIP.format('root')} WHERE id = 7"),
    ("checkpoint.note", "UPDATE evidence_checkpoint SET note = replace(note, E'\\n7\\n', E'\\n8\\n')"),
    ("checkpoint.signature", "UPDATE evidence_checkpoint SET note = replace(note, 'farthing', 'farthinf')"),
    ("checkpoint.seal", "UPDATE evidence_checkpoint SET made_at = made_at + interval '1 second'"),
    ("checkpoint.seal", f"UPDATE evidence_checkpoint SET seal = {FLIP.format('seal')}"),
    ("checkpoint.seal", "UPDATE evidence_checkpoint SET token = NULL"),
    ("checkpoint.seal", "UPDATE evidence_checkpoint SET token = set_byte(token, 900, get_byte(token, 900) # 1)"),
    ("checkpoint.token", f"UPDATE evidence_checkpoint SET token = {FLIP.format('token')} WHERE token IS NOT NULL"),
    ("cosignature.id", "UPDATE evidence_cosignature SET id = gen_random_uuid()"),
    ("cosignature.checkpoint_id", "UPDATE evidence_cosignature SET checkpoint_id = 5 WHERE checkpoint_id = 7"),
    ("cosignature.line", "UPDATE evidence_cosignature SET line = replace(line, 'w1 ', 'w2 ')"),
    ("cosignature.line", "UPDATE evidence_cosignature SET witness = replace(witness, 'w1', 'w2')"),
    ("key.private", "INSERT INTO evidence_key (id, private, public) VALUES ('x', sha256('1'), sha256('2'))"),
    ("key.id", "UPDATE evidence_log_key SET id = 'another.example/log'"),
    ("key.public", f"UPDATE evidence_log_key SET public = {FLIP.format('public')}"),
    ("checkpoint.signature", "UPDATE evidence_log_key SET origin = 'another.example/log'"),
    ("key.since", "UPDATE evidence_log_key SET since = 3"),
    ("key.since", "UPDATE evidence_log_key SET handover = 'x'"),
    ("key.handover", "INSERT INTO evidence_log_key SELECT id || ' ', origin, public, 5, 'x' FROM evidence_log_key"),
    ("personal.id", "UPDATE evidence_personal SET id = gen_random_uuid()"),
    ("personal.id", "UPDATE evidence_personal SET leaf_id = gen_random_uuid()"),
    ("personal.id", "UPDATE evidence_personal SET path = '/nome'"),
    ("personal.subject", "UPDATE evidence_personal SET subject = 'party_x'"),
    ("personal.sealed", f"UPDATE evidence_personal SET sealed = {FLIP.format('sealed')} WHERE sealed IS NOT NULL"),
    ("personal.sealed", "UPDATE evidence_personal SET subject = 'party_x' WHERE sealed IS NOT NULL"),
    ("personal.value", "UPDATE evidence_personal SET sealed = NULL, salt = '', value = '\"小满满\"' WHERE sealed IS NOT NULL"),
    ("personal.plain", "UPDATE evidence_personal SET sealed = NULL, salt = '', value = '\"小满满\"' WHERE sealed IS NOT NULL"),
    ("personal.erased_by", "UPDATE evidence_personal SET erased_by = gen_random_uuid() WHERE erased_by IS NOT NULL"),
    ("personal.erased_by", "UPDATE evidence_personal SET sealed = NULL, erased_by = leaf_id"),
    ("personal.count", "DELETE FROM evidence_personal WHERE sealed IS NOT NULL"),
]  # fmt: skip


def test_every_planted_fault_is_named(bank: Any, log: Commit) -> None:
    with bank.superuser() as connection:
        wrong = []
        for code, sql in PLANTED:
            with connection.transaction(force_rollback=True):
                assert connection.execute(sql).rowcount > 0, sql
                tx = bank.kernel._tx(connection, bank.system)
                codes = {finding.what for finding in service.verify(tx).findings}
                if code not in codes:
                    wrong.append((code, sql, codes))
        assert wrong == []


def test_one_altered_leaf_is_one_finding(bank: Any, log: Commit) -> None:
    """The altered record is named once, not every hash above it."""
    with bank.superuser() as connection, connection.transaction(force_rollback=True):
        chosen = "SELECT id FROM evidence_leaf WHERE position(':3}' IN convert_from(body, 'UTF8')) > 0 LIMIT 1"
        assert connection.execute(f"UPDATE evidence_leaf SET {ALTER} WHERE id = ({chosen})").rowcount == 1
        findings = service.verify(bank.kernel._tx(connection, bank.system)).findings
        assert [finding.what for finding in findings] == ["leaf.hash"]


def test_every_column_is_planted(bank: Any) -> None:
    """The list above covers the schema: a new column must be given its fault."""
    with bank.superuser() as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name LIKE 'evidence_%' AND table_name <> 'evidence_key'"
        ).fetchall()
    planted = " ".join(sql for _, sql in PLANTED)
    missing = [
        f"{table}.{column}"
        for table, column in columns
        if not re.search(rf"UPDATE {table} SET ([a-z_]+ = [^;]*?, )?{column} = ", planted)
    ]
    assert missing == ["evidence_head.id"], "the head's id can only be 1, by its CHECK"
