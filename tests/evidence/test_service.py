"""The log on PostgreSQL: append, integrate, checkpoint, prove, erase; and what a crash or a race may not do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from farthing.evidence import merkle, note, personal_store, service, store, timestamp
from farthing.evidence.client import HttpWitness
from farthing.evidence.merkle import ProofStatus
from farthing.evidence.model import Personal, Seen, personal_digest
from farthing.evidence.note import NoteStatus
from farthing.evidence.timestamp import AnsweringTimestamper
from farthing.evidence.witness import LogWitness
from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.ids import IdSource, parse_prefixed
from farthing.kit.money import Money
from tests.evidence.authority import Authority
from tests.evidence.made import publish, published
from tests.evidence.peers import serving
from tests.log_signers import LOG, sign_checkpoint

Commit = Callable[..., Any]
LOAN = "loan_" + "0" * 25 + "1"
PARTY = "party_" + "0" * 25 + "2"


@dataclass(frozen=True)
class Opened:
    loan_id: str
    amount: Money


def _append(commit: Commit, count: int, start: int = 0) -> list[str]:
    items = [("test.happened", {"number": start + number}) for number in range(count)]
    return commit(lambda tx: service.append_many(tx, items))


def kept_beside(tx: Any, leaf_id: str) -> dict[str, str | None]:
    """The personal values kept beside a leaf, by where they stood; none where erased."""
    leaf = parse_prefixed("leaf", leaf_id)
    paths = tx.rows("SELECT path FROM evidence_personal WHERE leaf_id = %(leaf)s ORDER BY path", {"leaf": leaf})
    return {row["path"]: next((each[2] for each in personal_store.at(tx, [leaf], row["path"])), None) for row in paths}


def test_a_leaf_is_canonical_and_found_by_what_it_mentions(commit: Commit) -> None:
    opened = Opened(LOAN, Money(12345, "CNY"))
    leaf_id = commit(lambda tx: service.append(tx, "loans.opened", opened))
    leaf = commit(lambda tx: service.leaf(tx, leaf_id))
    assert leaf.body == json.dumps(leaf.content, separators=(",", ":"), sort_keys=True).encode()
    assert leaf.content["data"] == {"amount": {"currency": "CNY", "minor": 12345}, "loan_id": LOAN}
    assert list(leaf.content) == ["actor", "business_date", "data", "id", "kind", "recorded_at"]
    assert leaf.content["id"] == leaf_id
    assert [found.name for found in commit(lambda tx: service.leaves_about(tx, LOAN))] == [leaf_id]
    assert commit(lambda tx: service.leaves_about(tx, PARTY)) == []


def test_personal_data_is_hashed_kept_apart_and_erased(commit: Commit) -> None:
    data = {"party_id": PARTY, "name": Personal("林小满"), "phones": [Personal("13800138000"), "public"]}
    leaf_id = commit(lambda tx: service.append(tx, "parties.register", data))
    leaf = commit(lambda tx: service.leaf(tx, leaf_id))
    assert "林小满".encode() not in leaf.body
    assert b"13800138000" not in leaf.body
    assert leaf.content["data"]["name"]["subject"] == PARTY
    assert commit(lambda tx: kept_beside(tx, leaf_id)) == {"/name": '"林小满"', "/phones/0": '"13800138000"'}
    commit(publish)
    before = commit(lambda tx: service.tlog_proof(tx, leaf_id))
    assert commit(lambda tx: service.erase(tx, PARTY, "asked by the person")) == 2
    assert commit(lambda tx: service.erase(tx, PARTY, "asked again")) == 0
    assert commit(lambda tx: kept_beside(tx, leaf_id)) == {"/name": None, "/phones/0": None}
    assert commit(lambda tx: service.leaf(tx, leaf_id)).body == leaf.body
    assert commit(lambda tx: service.tlog_proof(tx, leaf_id)) == before
    erased = commit(lambda tx: service.leaves_about(tx, PARTY))[-1]
    assert erased.kind == "evidence.erased"


def test_values_sealed_under_a_destroyed_key_open_nowhere_and_the_log_stays_whole(bank: Any, commit: Commit) -> None:
    mine, hers = Personal("林小满", PARTY), Personal("阿依努尔", PARTY[:-1] + "3")
    leaf_id = commit(lambda tx: service.append(tx, "test.happened", {"names": [mine, hers]}))
    bank.kernel.ports.peer("keyring").destroy([PARTY], bank.kernel.wall())
    assert commit(lambda tx: kept_beside(tx, leaf_id)) == {"/names/0": None, "/names/1": '"阿依努尔"'}
    after = commit(lambda tx: service.append(tx, "test.happened", {"name": mine}))
    assert commit(lambda tx: kept_beside(tx, after)) == {"/name": None}, (
        "nothing of hers is kept any more, not even sealed"
    )
    audit = commit(service.verify)
    assert (audit.findings, audit.dark, audit.erased) == ((), {PARTY: 2}, 0)
    assert commit(lambda tx: service.erase(tx, PARTY, "restored from before it was erased")) == 2
    audit = commit(service.verify)
    assert (audit.findings, audit.dark, audit.erased) == ((), {}, 2)


def test_values_that_lay_in_plain_are_sealed_some_at_a_time_and_say_the_same(bank: Any, commit: Commit) -> None:
    leaf_id = commit(lambda tx: service.append(tx, "test.happened", {"names": [Personal(n, PARTY) for n in "甲乙丙"]}))
    before = commit(lambda tx: kept_beside(tx, leaf_id))
    ((leaf, salts),) = commit(lambda tx: [(parse_prefixed("leaf", leaf_id), _salts(tx, leaf_id))])
    with bank.superuser() as connection:
        for path, salt in salts.items():
            plain = "UPDATE evidence_personal SET salt = %s, value = %s, sealed = NULL WHERE leaf_id = %s AND path = %s"
            connection.execute(plain, [salt, before[path], leaf, path])
    assert {each.what for each in commit(service.verify).findings} == {"personal.plain"}
    assert [commit(lambda tx: service.seal_plain(tx, 2)) for _ in range(3)] == [2, 1, 0]
    assert commit(lambda tx: kept_beside(tx, leaf_id)) == before
    assert commit(service.verify).findings == ()


def _salts(tx: Any, leaf_id: str) -> dict[str, bytes]:
    leaf = parse_prefixed("leaf", leaf_id)
    return {path: personal_store.at(tx, [leaf], path)[0][1] for path in kept_beside(tx, leaf_id)}


def test_a_personal_value_belongs_to_the_named_the_only_party_or_the_actor(commit: Commit) -> None:
    customer = Actor("user_1", frozenset({"*"}), PARTY)
    other = "party_" + "0" * 25 + "3"
    cases = [
        ({"a": Personal(1, "party_x"), "b": PARTY}, "party_x"),
        ({"a": Personal(1), "b": other}, other),
        ({"a": Personal(1), "b": [PARTY, other]}, PARTY),
        ({"a": Personal(1)}, PARTY),
    ]
    for data, whose in cases:
        leaf_id = commit(lambda tx, data=data: service.append(tx, "test.personal", data), customer)
        leaf = commit(lambda tx, leaf_id=leaf_id: service.leaf(tx, leaf_id))
        assert leaf.content["data"]["a"]["subject"] == whose
    assert personal_digest(b"salt", '"x"') != personal_digest(b"tlas", '"x"')


def test_every_leaf_is_provable_after_each_integration(commit: Commit) -> None:
    ids: list[str] = []
    heads: list[tuple[int, bytes]] = []
    for count in (1, 2, 5, 8, 17):
        ids += _append(commit, count, len(ids))
        made = commit(publish)
        heads.append((made.size, made.root))
        assert made.size == len(ids)
    for leaf_id in ids:
        leaf = commit(lambda tx, leaf_id=leaf_id: service.leaf(tx, leaf_id))
        for size, root in heads:
            try:
                proof = commit(lambda tx, i=leaf_id, size=size: service.inclusion_proof(tx, i, size))
            except Refusal as refusal:
                assert refusal.code == "evidence.not_integrated"
                assert ids.index(leaf_id) >= size
                continue
            hashed = merkle.leaf_hash(leaf.body)
            found = merkle.verify_inclusion(proof.position, proof.size, hashed, proof.hashes, root)
            assert found is ProofStatus.VERIFIED
    for old, old_root in heads:
        for new, new_root in heads:
            if old <= new:
                proof = commit(lambda tx, old=old, new=new: service.consistency_proof(tx, old, new))
                found = merkle.verify_consistency(old, new, old_root, new_root, proof)
                assert found is ProofStatus.VERIFIED


def test_the_checkpoint_is_signed_and_the_proof_file_carries_it(commit: Commit) -> None:
    leaf_id = _append(commit, 3)[1]
    made = commit(publish)
    key = note.VerifierKey.parse(commit(service.log_vkey))
    assert note.verify(made.note, key) is NoteStatus.VERIFIED
    assert note.parse_checkpoint(made.note) == note.TreeHead(service.ORIGIN, 3, made.root)
    assert note.verify(made.note.replace("\n3\n", "\n4\n"), key) is NoteStatus.FORGED
    other = note.VerifierKey("farthing.example/other", key.public)
    assert note.verify(made.note, other) is NoteStatus.UNSIGNED
    assert commit(publish) == made
    position, hashes, text = note.parse_proof(commit(lambda tx: service.tlog_proof(tx, leaf_id)))
    leaf = commit(lambda tx: service.leaf(tx, leaf_id))
    hashed = merkle.leaf_hash(leaf.body)
    assert text == made.note
    assert merkle.verify_inclusion(position, 3, hashed, hashes, made.root) is ProofStatus.VERIFIED


def test_a_witness_cosigns_only_a_log_that_grows(commit: Commit) -> None:
    _append(commit, 4)
    signer = LOG
    seed = IdSource(3).bits(256).to_bytes(32, "big")
    log_key = note.VerifierKey(signer.name, signer.public)
    witness = LogWitness(note.Ed25519Signer("witness.example/w1", seed), log_key, lambda: 1_800_000_000)
    first = commit(lambda tx: published(tx, witnesses=[witness]))
    _append(commit, 9)
    second = commit(lambda tx: published(tx, witnesses=[witness]))
    for made in (first, second):
        assert note.verify(made.cosigned, note.VerifierKey.parse(witness.vkey)) is NoteStatus.VERIFIED
        assert note.verify(made.cosigned, log_key) is NoteStatus.VERIFIED
    forged = sign_checkpoint(note.TreeHead(signer.name, 20, b"\x01" * 32), signer)
    with pytest.raises(InvariantBroken, match="did not grow"):
        witness.cosign(second.size, [b"\x02" * 32] * 5, forged)
    with pytest.raises(InvariantBroken, match="not signed"):
        witness.cosign(second.size, [], second.note.replace("\n13\n", "\n14\n"))


def test_a_timestamp_authority_is_asked_as_rfc_3161_says(commit: Commit, authority: Authority) -> None:
    """The request's digest and nonce must come back; a rejection, junk and another's token are refused."""
    _append(commit, 2)
    made = commit(lambda tx: published(tx, AnsweringTimestamper(authority.answer, lambda: 77)))
    assert made.token is not None
    again = commit(lambda tx: published(tx, AnsweringTimestamper(authority.answer, lambda: 77)))
    assert again.token == made.token, "a stamped checkpoint is not stamped again"
    assert commit(service.verify).findings == ()
    other = timestamp.request(b"\x01" * 32, 5)
    rejection = bytes.fromhex("30053003020102")  # {status: {rejection}}, no token
    answers: list[Callable[[bytes], bytes]] = [
        lambda _: authority.answer(other),
        lambda _: rejection,
        lambda _: b"<html>busy</html>",
    ]
    _append(commit, 1)
    for answer in answers:
        with pytest.raises(Refusal) as caught:
            commit(lambda tx, answer=answer: published(tx, AnsweringTimestamper(answer, lambda: 78)))
        assert caught.value.code == "evidence.not_timestamped"
    assert commit(service.latest_checkpoint).size == 2, "nothing was published"


def test_a_witness_behind_http(commit: Commit) -> None:
    _append(commit, 4)
    signer = LOG
    log_key = note.VerifierKey(signer.name, signer.public)
    peer = LogWitness(note.Ed25519Signer("witness.example/w2", b"\x02" * 32), log_key, lambda: 1_800_000_000)
    with serving(peer) as url:
        witness = HttpWitness(url, peer.vkey)
        commit(lambda tx: published(tx, witnesses=[witness]))
        _append(commit, 3)
        made = commit(lambda tx: published(tx, witnesses=[witness]))
        assert note.verify(made.cosigned, note.VerifierKey.parse(peer.vkey)) is NoteStatus.VERIFIED
        assert witness.cosign(3, [], made.note) == Seen(7)
        assert witness.cosign(7, [], made.note) == peer.cosign(7, [], made.note), "its line was lost: it says it again"
        with pytest.raises(Refusal) as caught:
            witness.cosign(7, [], made.note.replace("\n7\n", "\n8\n"))
        assert caught.value.code == "evidence.witness_unavailable"
    _append(commit, 1)
    with pytest.raises(Refusal) as caught:
        commit(lambda tx: published(tx, witnesses=[witness]))
    assert caught.value.code == "evidence.witness_unavailable"


def test_malformed_c2sp_text_is_refused() -> None:
    cases: list[tuple[Callable[[str], Any], str]] = [
        (note.VerifierKey.parse, "name+00000000+AAAA"),
        (note.VerifierKey.parse, str(note.VerifierKey("a", b"\0" * 32)).replace("a+", "b+")),
        (note.split, "no signature\n"),
        (note.parse_checkpoint, "origin\n01\nAAAA\n\n— origin AAAA\n"),
        (note.parse_checkpoint, "origin\n1\n!!\n\n— origin AAAA\n"),
        (note.parse_proof, "another header\nindex 0\n\n"),
        (note.parse_proof, "c2sp.org/tlog-proof@v1\nindex x\n\n"),
    ]
    for parse, text in cases:
        with pytest.raises(Refusal) as caught:
            parse(text)
        assert caught.value.code == "evidence.malformed_note"


def test_unknown_leaves_and_sizes_are_refused(commit: Commit) -> None:
    cases: list[tuple[str, Callable[[Any], Any]]] = [
        ("evidence.leaf_not_found", lambda tx: service.leaf(tx, "leaf_" + "0" * 26)),
        ("ids.malformed", lambda tx: service.leaf(tx, "loan_1")),
        ("evidence.no_checkpoint", lambda tx: service.tlog_proof(tx, "leaf_" + "0" * 26)),
        ("evidence.no_checkpoint", lambda tx: service.consistency_proof(tx, 1, 2)),
    ]
    for code, call in cases:
        with pytest.raises(Refusal) as caught:
            commit(call)
        assert caught.value.code == code


def test_a_leaf_that_commits_late_is_integrated_later(bank: Any, commit: Commit) -> None:
    """Its id is older than those already in the tree; it takes the next position and every proof holds."""
    with bank.kernel.database.transaction() as connection:
        tx = bank.kernel._tx(connection, bank.system)
        late = service.append(replace(tx, now=tx.now - timedelta(seconds=1)), "test.late", {})
        early = _append(commit, 3)
        assert commit(service.integrate) == 3
    assert late < early[0]
    assert commit(service.integrate) == 1
    assert commit(lambda tx: service.inclusion_proof(tx, late)).position == 3
    assert commit(service.waiting) == 0
    for number in range(3):
        commit(lambda tx, number=number: service.append(tx, "test.waiting", {"number": number}))
    assert [commit(lambda tx, most=most: store.waiting(tx, most)) for most in (2, 9)] == [2, 3], (
        "counted so far and no more"
    )
    assert commit(service.integrate) == 3


def test_a_rolled_back_leaf_never_was(bank: Any, commit: Commit) -> None:
    with pytest.raises(RuntimeError), bank.kernel.database.transaction() as connection:
        service.append(bank.kernel._tx(connection, bank.system), "test.undone", {})
        raise RuntimeError("undone")
    assert commit(service.integrate) == 0


def test_two_integrators_at_once_give_one_tree(bank: Any, commit: Commit) -> None:
    ids = _append(commit, 40)
    done: list[int] = []

    def work() -> None:
        for _ in range(10):
            done.append(commit(lambda tx: service.integrate(tx, limit=3)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 40
    positions = [commit(lambda tx, i=leaf: service.inclusion_proof(tx, i)).position for leaf in ids]
    assert sorted(positions) == list(range(40))


CHILD = """
import os, signal, sys
from farthing.db.server import Database
from farthing.evidence import service
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM
kernel = Kernel(Database(sys.argv[1]).open())
with kernel.database.transaction() as connection:
    service.append_many(kernel._tx(connection, SYSTEM), [("test.crash", {"number": n}) for n in range(5)])
if sys.argv[2] == "during":
    with kernel.database.transaction() as connection:
        service.integrate(kernel._tx(connection, SYSTEM))
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["before", "during"])
def test_kill_between_append_and_integration_loses_nothing(bank: Any, commit: Commit, when: str) -> None:
    _append(commit, 2)
    commit(publish)
    child = subprocess.run([sys.executable, "-c", CHILD, bank.url, when], env=os.environ, check=False)
    assert child.returncode == -signal.SIGKILL
    assert commit(service.waiting) == 5
    made = commit(publish)
    assert made.size == 7


def test_the_application_cannot_rewrite_the_log(bank: Any, commit: Commit) -> None:
    _append(commit, 2)
    commit(publish)
    forbidden = [
        "UPDATE evidence_leaf SET body = 'x'",
        "DELETE FROM evidence_leaf",
        "DELETE FROM evidence_node",
        "UPDATE evidence_node SET hash = hash",
        "UPDATE evidence_position SET leaf_id = leaf_id",
        "DELETE FROM evidence_checkpoint",
        "UPDATE evidence_checkpoint SET note = ''",
        "UPDATE evidence_key SET private = private",
        "UPDATE evidence_log_key SET since = 0",
        "DELETE FROM evidence_log_key",
        "DELETE FROM evidence_personal",
        "INSERT INTO evidence_head (id, size, root) VALUES (1, 0, '')",
    ]
    for sql in forbidden:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            commit(lambda tx, sql=sql: tx.execute(sql))
