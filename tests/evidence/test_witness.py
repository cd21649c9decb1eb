"""A witness is a process of its own, with its own key and its own memory; over HTTP it answers as c2sp.org/tlog-witness says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from farthing.evidence import note
from farthing.evidence.client import HttpWitness
from farthing.evidence.model import Seen
from farthing.evidence.note import COSIGNATURE, Ed25519Signer, NoteStatus, VerifierKey
from farthing.evidence.witness import LogWitness
from farthing.evidence.witness_server import new_witness
from farthing.kit.errors import Refusal
from tests.evidence.peers import serving
from tests.evidence.trees import Tree
from tests.log_signers import LOG, VKEY, sign_checkpoint

TREE, FORK = Tree(40), Tree(40, 5)


def signed(tree: Tree, size: int, signer: Ed25519Signer = LOG) -> str:
    return sign_checkpoint(tree.head(size), signer)


def body(old: int, new: int, tree: Tree = TREE, signer: Ed25519Signer = LOG) -> bytes:
    return note.witness_request(old, tree.proof(old, new), signed(tree, new, signer)).encode()


def test_what_it_answers(tmp_path: Path) -> None:
    """Each answer of c2sp.org/tlog-witness, in the order in which a log meets them."""
    witness = LogWitness(Ed25519Signer("witness.example", b"w" * 32), VKEY, lambda: 1_800_000_000)
    stranger = Ed25519Signer("another.example/log", LOG.seed)
    elsewhere = sign_checkpoint(note.TreeHead(stranger.name, 7, TREE.head(7).root), stranger)
    with serving(witness) as url:

        def told(content: bytes, path: str = "/add-checkpoint") -> tuple[int, str]:
            answer = httpx.post(url + path, content=content)
            return answer.status_code, answer.headers.get("content-type", "").partition(";")[0] + " " + answer.text

        assert told(body(0, 7))[0] == 200
        assert told(body(0, 9)) == (409, "text/x.tlog.size 7\n")
        assert told(body(7, 7))[0] == 200
        assert told(body(7, 7, FORK)) == (409, "text/x.tlog.size 7\n"), "another root of as many leaves"
        assert told(body(7, 12, FORK))[0] == 422
        assert told(body(7, 12).replace(b"old 7", b"old 12"))[0] == 409
        assert told(body(7, 5))[0] == 400
        assert told(b"old x\n\n")[0] == 400
        assert told(body(7, 12, signer=Ed25519Signer(LOG.name, b"o" * 32)))[0] == 403
        assert told(note.witness_request(7, [], elsewhere).encode())[0] == 404
        assert told(b"x" * 100_000)[0] == 413
        assert told(body(7, 12), "/elsewhere")[0] == 404
        assert told(body(7, 12))[0] == 200
        client = HttpWitness(url, witness.vkey)
        with pytest.raises(Refusal, match=r"evidence\.witness_unavailable"):
            client.cosign(12, [], signed(FORK, 12))
        assert client.cosign(7, [], signed(TREE, 12)) == Seen(12)


@contextmanager
def process(folder: Path) -> Iterator[dict[str, str]]:
    """``farthing log-witness serve`` on a free port: where it is, and its key."""
    order = [sys.executable, "-m", "farthing", "log-witness", "serve", str(folder), "--port", "0", "--json"]
    child = subprocess.Popen(order, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        said = ""
        while not said.rstrip().endswith("}"):
            said += child.stdout.readline()
        yield json.loads(said)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


@pytest.mark.long
def test_the_process_remembers_through_a_restart(tmp_path: Path) -> None:
    made = new_witness(tmp_path, "witness.example/w", VKEY)
    assert made.algorithm == COSIGNATURE and new_witness(tmp_path, "witness.example/w", VKEY) == made
    with process(tmp_path) as at:
        assert at["vkey"] == str(made)
        line = HttpWitness(at["url"], at["vkey"]).cosign(0, [], signed(TREE, 7))
        assert note.verify(f"{signed(TREE, 7)}{line}\n", VerifierKey.parse(at["vkey"])) is NoteStatus.VERIFIED
    with process(tmp_path) as at:
        witness = HttpWitness(at["url"], at["vkey"])
        assert witness.cosign(0, [], signed(TREE, 9)) == Seen(7)
        shown = httpx.get(f"{at['url']}/checkpoint").text
        assert shown == f"{signed(TREE, 7)}{line}\n", "what it cosigned before it ended"
        with pytest.raises(Refusal):
            witness.cosign(7, [], signed(FORK, 7))
        with pytest.raises(Refusal):
            witness.cosign(7, FORK.proof(7, 9), signed(FORK, 9))
        assert isinstance(witness.cosign(7, TREE.proof(7, 9), signed(TREE, 9)), str)
    kept = (tmp_path / "forks.txt").read_text(encoding="utf-8")
    assert kept == f"{signed(FORK, 7)}\n{signed(FORK, 9)}\n", "each once, whole, under the log's own signature"
